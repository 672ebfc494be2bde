"""Streamlit parts that several pages share. Not scanned as pages, since Streamlit does not look into folders."""
