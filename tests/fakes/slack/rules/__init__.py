"""What the platform accepts: texts, elements, blocks, views and manifests, as documented."""
