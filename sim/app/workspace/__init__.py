"""The workspace that all pages share: scenarios, variants, kept results, values of fields."""

from sim.app.workspace.names import as_text
from sim.app.workspace.results import Kept
from sim.app.workspace.session import recall, remember, workspace
from sim.app.workspace.storage import MOST_KEPT, Workspace
from sim.app.workspace.variants import Variant

__all__ = [
    "MOST_KEPT",
    "Kept",
    "Variant",
    "Workspace",
    "as_text",
    "recall",
    "remember",
    "workspace",
]
