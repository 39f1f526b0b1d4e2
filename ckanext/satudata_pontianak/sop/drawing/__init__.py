"""Flowcharts and bars as SVG."""
