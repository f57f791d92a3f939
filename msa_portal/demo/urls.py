"""Addresses of the demonstration pages; they exist in this mode only."""

app_name = "dev"
urlpatterns = []
