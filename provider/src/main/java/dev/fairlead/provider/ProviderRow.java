package dev.fairlead.provider;

import dev.fairlead.core.config.ProviderConfig.Auth;
import dev.fairlead.core.model.Operation;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One provider as the catalogue knows it.
 *
 * @param name what it is called in the configuration and before the slash of a model name
 * @param baseUrl scheme, host and path prefix without {@code /v1}; null when it differs for every
 *     operator
 * @param auth how the credential is sent
 * @param keyless whether it works without a credential
 * @param local whether it runs on the operator's own machines
 * @param operations what it answers in the operation's own wire format
 * @param paths paths below the base URL, for operations that live elsewhere than {@link
 *     Operation#path()}
 * @param environment variables whose presence switches it on in a start without configuration; the
 *     first that is set counts
 * @param suffixes ends of a base URL that people write and that {@code paths} or the operation's
 *     path already hold
 * @param timeouts what holds when the configuration does not say
 * @param sendsDoneMarker whether its Chat streams end with {@code [DONE]}
 */
public record ProviderRow(
    String name,
    @Nullable URI baseUrl,
    Auth auth,
    boolean keyless,
    boolean local,
    Set<Operation> operations,
    Map<Operation, String> paths,
    List<String> environment,
    List<String> suffixes,
    Timeouts timeouts,
    boolean sendsDoneMarker) {
  public ProviderRow {
    operations = Set.copyOf(operations);
    paths = Map.copyOf(paths);
    environment = List.copyOf(environment);
    suffixes = List.copyOf(suffixes);
    if (!operations.containsAll(paths.keySet())) {
      throw new IllegalArgumentException(name + " has a path for an operation it does not serve");
    }
  }

  /**
   * The base URL as Fairlead keeps it, from one as people write it: without trailing slashes and
   * without what the paths already hold ({@code /v1}, for Gemini also {@code /v1beta/openai}).
   */
  public URI normalise(URI written) {
    String url = written.toString();
    while (url.endsWith("/")) {
      url = url.substring(0, url.length() - 1);
    }
    for (String suffix : suffixes) {
      if (url.endsWith(suffix)) {
        return URI.create(url.substring(0, url.length() - suffix.length()));
      }
    }
    return URI.create(url);
  }

  /** Starts a row of a provider on the internet that wants a bearer token. */
  static Builder cloud(String name, String baseUrl) {
    return new Builder(name, URI.create(baseUrl));
  }

  /** Starts a row of a provider whose address only its operator knows. */
  static Builder elsewhere(String name) {
    return new Builder(name, null);
  }

  /** Starts a row of a server on the operator's own machines that needs no credential. */
  static Builder local(String name, @Nullable String baseUrl) {
    Builder row = new Builder(name, baseUrl == null ? null : URI.create(baseUrl));
    row.local = true;
    row.keyless = true;
    row.timeouts = Timeouts.LOCAL;
    return row;
  }

  /** Gathers the parts of a row. */
  static final class Builder {
    private final String name;
    private final @Nullable URI baseUrl;
    private final Set<Operation> operations = new java.util.LinkedHashSet<>();
    private final Map<Operation, String> paths = new java.util.LinkedHashMap<>();
    private final List<String> suffixes = new ArrayList<>();
    private Auth auth = Auth.BEARER;
    private boolean keyless;
    private boolean local;
    private Timeouts timeouts = Timeouts.CLOUD;
    private List<String> environment = List.of();

    private Builder(String name, @Nullable URI baseUrl) {
      this.name = name;
      this.baseUrl = baseUrl;
    }

    Builder auth(Auth value) {
      auth = value;
      return this;
    }

    Builder env(String... variables) {
      environment = List.of(variables);
      return this;
    }

    Builder serves(Operation... served) {
      operations.addAll(List.of(served));
      return this;
    }

    /** An operation at a path of its own below the base URL. */
    Builder at(String path, Operation operation) {
      operations.add(operation);
      paths.put(operation, path);
      return this;
    }

    Builder strips(String... ends) {
      suffixes.addAll(List.of(ends));
      return this;
    }

    ProviderRow row() {
      List<String> ends = new ArrayList<>(suffixes);
      ends.add("/v1");
      return new ProviderRow(
          name,
          baseUrl,
          auth,
          keyless,
          local,
          operations,
          paths,
          environment,
          ends,
          timeouts,
          true);
    }
  }
}
