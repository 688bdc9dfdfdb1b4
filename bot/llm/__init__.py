"""The language model, if one is configured: it only phrases. The one package that knows LangChain."""
