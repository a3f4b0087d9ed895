"""The workspace that all pages share: scenarios, variants, saved results, values of fields."""

from sim.app.workspace.names import as_text
from sim.app.workspace.results import SavedResult
from sim.app.workspace.session import recall, remember, workspace
from sim.app.workspace.storage import MOST_SAVED, Workspace
from sim.app.workspace.variants import Variant

__all__ = [
    "MOST_SAVED",
    "SavedResult",
    "Variant",
    "Workspace",
    "as_text",
    "recall",
    "remember",
    "workspace",
]
