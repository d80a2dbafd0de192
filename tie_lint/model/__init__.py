"""Knowing models: names to classes, configs to values, classes to module trees and tie maps."""
