"""The use cases of ``/lanhu``: designs, their versions, and what is confirmed about them."""
