"""The desk of a center: its day, one appointment, and booking for somebody who calls or stands there."""
