"""How the compiler treats functions that only other compiled functions call.

Each is translated, but neither optimised nor turned into machine code by itself: that is done
once, in the entry point that they are linked into. It halves the time of the first use.
"""

from __future__ import annotations

from typing import Any

import numba.core.codegen
import numba.core.compiler
import numba.core.compiler_machinery
import numba.core.typed_passes

core: Any = numba.core  # without types of its own


class _Library(core.codegen.JITCodeLibrary):  # type: ignore[misc]
    """The code of one function, for linking only."""

    @property
    def codegen(self) -> _NoEngine:
        """Return where the executing environment would be noted."""
        return _NoEngine()

    def get_pointer_to_function(self, name: str) -> int:
        """Return that there is no machine code."""
        return 0

    def _optimize_final_module(self) -> None:
        """Leave it to the entry point."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


class _NoEngine:
    """Stands for an execution engine, which is not needed here."""

    def set_env(self, name: str, env: object) -> None:
        """Forget the environment of a function that is not called from outside."""


@core.compiler_machinery.register_pass(mutates_CFG=False, analysis_only=True)
class _LibraryOnly(core.compiler_machinery.AnalysisPass):  # type: ignore[misc]
    """Provides the place for the code, before it is made."""

    _name = "library_only"

    def __init__(self) -> None:
        core.compiler_machinery.AnalysisPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Set the library."""
        state.library = _Library(state.targetctx.codegen(), state.func_id.func_qualname)
        return True


class LinkedCompiler(core.compiler.CompilerBase):  # type: ignore[misc]
    """The compiler's usual way, up to machine code."""

    def define_pipelines(self) -> list[Any]:
        """Return the passes."""
        passes = core.compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_LibraryOnly, core.typed_passes.AnnotateTypes)
        passes.finalize()
        return [passes]
