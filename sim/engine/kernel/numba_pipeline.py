"""How the compiler treats functions that only other compiled functions call.

Each is translated, but neither optimised nor turned into machine code by itself: that is done
once, in the entrance that they are linked into. It halves the time of the first use.
"""

from __future__ import annotations

from typing import Any

import numba.core.codegen
import numba.core.compiler
import numba.core.compiler_machinery
import numba.core.typed_passes

core: Any = numba.core  # without types of its own


class _Part(core.codegen.JITCodeLibrary):  # type: ignore[misc]
    """The code of one function, good for being linked and for nothing else."""

    @property
    def codegen(self) -> _Nowhere:
        """Return where the executing environment would be noted."""
        return _Nowhere()

    def get_pointer_to_function(self, name: str) -> int:
        """Return that there is no machine code."""
        return 0

    def _optimize_final_module(self) -> None:
        """Leave it to the entrance."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


class _Nowhere:
    """Takes note of nothing."""

    def set_env(self, name: str, env: object) -> None:
        """Forget the environment of a function that is not called from outside."""


@core.compiler_machinery.register_pass(mutates_CFG=False, analysis_only=True)
class _PartOnly(core.compiler_machinery.AnalysisPass):  # type: ignore[misc]
    """Provides the place for the code, before it is made."""

    _name = "part_only"

    def __init__(self) -> None:
        core.compiler_machinery.AnalysisPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Set the library."""
        state.library = _Part(state.targetctx.codegen(), state.func_id.func_qualname)
        return True


class PartCompiler(core.compiler.CompilerBase):  # type: ignore[misc]
    """The compiler's usual way, up to machine code."""

    def define_pipelines(self) -> list[Any]:
        """Return the passes."""
        passes = core.compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_PartOnly, core.typed_passes.AnnotateTypes)
        passes.finalize()
        return [passes]
