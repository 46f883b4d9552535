package dev.fairlead.store;

/** What differs between the databases where their SQL cannot be the same. */
public enum Dialect {
  /** A file in the app directory. */
  SQLITE("sqlite"),
  /** A server several replicas share. */
  POSTGRES("postgres");

  private final String folder;

  Dialect(String folder) {
    this.folder = folder;
  }

  /** The folder its migrations are in. */
  String folder() {
    return folder;
  }
}
