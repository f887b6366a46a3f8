"""What the API answers, for the OpenAPI document."""
