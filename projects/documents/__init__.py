"""Minutes, letters and programmes as DOCX and PDF: what a document says (sheets), and how it is written."""
