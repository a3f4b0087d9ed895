"""Puts the shipped scenarios, the app and the verification into the wheel, and nothing else."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = ("scenarios", "planner_app.py", ".streamlit", "docs/verification.md")


class ShippedFiles(BuildHookInterface):  # type: ignore[type-arg]
    """Includes what is shipped beside the package as `sim/_shipped/` in a standard wheel.

    An editable install reads them from the repository, so it gets no copy that could go stale.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the shipped files to the wheel.

        Parameters
        ----------
        version : str
            ``standard`` or ``editable``.
        build_data : dict
            What hatchling is about to build; changed in place.
        """
        if version != "standard":
            return
        for name in SHIPPED:
            if (Path(self.root) / name).exists():
                build_data["force_include"][name] = f"sim/_shipped/{name}"
