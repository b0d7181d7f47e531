"""ZenTao (禅道) as the tracker: REST v2 with v1 fallback, versions 18.x to 22.x."""
