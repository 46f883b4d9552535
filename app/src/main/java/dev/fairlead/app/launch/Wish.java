package dev.fairlead.app.launch;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client is to work with.
 *
 * @param gateway its address, without a slash at the end
 * @param key the credential to send: a virtual key or, where this machine is trusted, any word
 * @param model the model asked for, or null for the client's own choice
 * @param background the model for small tasks in the background, or null for the same
 * @param models what the gateway lists
 */
record Wish(
    URI gateway,
    String key,
    @Nullable String model,
    @Nullable String background,
    List<ServedModel> models) {
  Wish {
    models = List.copyOf(models);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Wish[gateway=" + gateway + ", model=" + model + "]";
  }

  /** What is known of the model asked for, or null. */
  @Nullable ServedModel known() {
    return model == null ? null : ServedModel.find(models, model);
  }
}
