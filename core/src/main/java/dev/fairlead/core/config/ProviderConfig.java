package dev.fairlead.core.config;

import dev.fairlead.core.model.Operation;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A provider as configured.
 *
 * @param name unique; the first segment of model names
 * @param kind name of the catalogue row it behaves like ({@code openai}, {@code anthropic}, {@code
 *     ollama} …)
 * @param local whether it runs on the operator's own machines and so costs nothing by default
 * @param keyless whether requests carry no credential
 * @param auth how the credential is sent
 * @param keys in the order configured
 * @param network how to reach it
 * @param concurrency requests in progress at once; further ones queue
 * @param queue requests that may wait for a place; further ones are shed
 * @param operations what it serves
 * @param paths what replaces an operation's own path: a path below the base URL, or a whole URL
 * @param sendsDoneMarker whether its Chat streams end with {@code [DONE]}
 * @param tags what residency rules ask for: {@code local}, {@code eu} …
 * @param enabled whether requests may go there at all
 * @param origin where this entity comes from
 */
public record ProviderConfig(
    String name,
    String kind,
    boolean local,
    boolean keyless,
    Auth auth,
    List<ProviderKey> keys,
    NetworkConfig network,
    int concurrency,
    int queue,
    Set<Operation> operations,
    Map<Operation, String> paths,
    boolean sendsDoneMarker,
    Set<String> tags,
    boolean enabled,
    Origin origin) {
  public ProviderConfig {
    tags = Set.copyOf(tags);
    keys = List.copyOf(keys);
    operations = Set.copyOf(operations);
    paths = Map.copyOf(paths);
  }

  /** An enabled provider without tags. */
  public ProviderConfig(
      String name,
      String kind,
      boolean local,
      boolean keyless,
      Auth auth,
      List<ProviderKey> keys,
      NetworkConfig network,
      int concurrency,
      int queue,
      Set<Operation> operations,
      Map<Operation, String> paths,
      boolean sendsDoneMarker,
      Origin origin) {
    this(
        name,
        kind,
        local,
        keyless,
        auth,
        keys,
        network,
        concurrency,
        queue,
        operations,
        paths,
        sendsDoneMarker,
        Set.of(),
        true,
        origin);
  }

  /** How a provider wants its credential. */
  public enum Auth {
    /** {@code Authorization: Bearer …}. */
    BEARER,
    /** {@code x-api-key: …}, as Anthropic's own API. */
    X_API_KEY,
    /** {@code api-key: …}, as Azure. */
    API_KEY,
    /** {@code x-goog-api-key: …}, as the Gemini API. */
    X_GOOG_API_KEY
  }
}
