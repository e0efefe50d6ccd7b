"""Dashboards as pages, pictures and embeddings."""
