"""What is known of languages and libraries: where untrusted data comes in, where it does harm, and what makes it harmless. Data, one module a language."""
