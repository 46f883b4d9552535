package dev.fairlead.app.serve;

import dev.fairlead.core.port.Sealing;
import dev.fairlead.store.SecretBox;

/** The store's box, as the configuration asks for it. */
record BoxedSecrets(SecretBox box) implements Sealing {
  @Override
  public String seal(String secret, String place) {
    return box.seal(secret, place);
  }

  @Override
  public String open(String sealed, String place) throws Unopened {
    try {
      return box.open(sealed, place);
    } catch (SecretBox.Unopened failed) {
      throw new Unopened(String.valueOf(failed.getMessage()));
    }
  }
}
