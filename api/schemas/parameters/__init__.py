"""What readers may ask: query parameters, checked as raw text before they are converted."""
