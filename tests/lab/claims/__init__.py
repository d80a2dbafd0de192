"""What the running library does with the example of every rule's page, before and after it is fixed."""
