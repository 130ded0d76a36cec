"""Photos and papers: checked by content, sealed, named by what is stored."""

from adapters.attachments.store import Attachment, Attachments

__all__ = ["Attachment", "Attachments"]
