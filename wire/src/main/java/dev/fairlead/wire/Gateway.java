package dev.fairlead.wire;

import dev.fairlead.codec.translate.KeptThoughts;
import dev.fairlead.core.admission.Admission;
import dev.fairlead.core.admission.Capacity;
import dev.fairlead.core.client.ClientRules;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.exchange.ExchangePolicy;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.identity.Identify;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Tracing;
import dev.fairlead.core.models.CacheWatch;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.port.Endpoint;
import dev.fairlead.core.port.ExchangeObserver;
import dev.fairlead.core.port.Opening;
import dev.fairlead.core.port.ReplyTap;
import dev.fairlead.core.port.Site;
import dev.fairlead.core.routing.LearnedRejects;
import dev.fairlead.core.routing.Planner;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all event loops of a gateway share. Everything in it is safe to use from any thread.
 *
 * @param configuration the snapshot in force; asked once for each request
 * @param bodies budget for request bodies
 * @param work bounded pool for work above a millisecond
 * @param endpoints what else is served, by exact path
 * @param sites what serves whole trees of paths, asked in this order after everything else
 * @param modelLists serves the paths of model lists
 * @param observers told of every request
 * @param models what is known of models
 * @param ollama what Ollama servers say of theirs
 * @param tracing which requests are traced
 * @param thoughts what vendors sealed beside calls, for clients that lose it
 * @param caches what prompts were made of, to tell why a cache was missed
 * @param inference whether inference and model lists are served, rather than endpoints alone
 */
public record Gateway(
    Supplier<Snapshot> configuration,
    Identify identify,
    Planner planner,
    Admission admission,
    Capacity capacity,
    LearnedRejects rejects,
    ExchangePolicy policy,
    ClientRules clients,
    ByteBudget bodies,
    Executor work,
    Map<String, Endpoint> endpoints,
    List<Site> sites,
    Endpoint modelLists,
    List<ExchangeObserver> observers,
    ModelCatalogue models,
    OllamaModels ollama,
    Tracing tracing,
    KeptThoughts thoughts,
    CacheWatch caches,
    boolean inference) {
  public Gateway {
    endpoints = Map.copyOf(endpoints);
    sites = List.copyOf(sites);
    observers = List.copyOf(observers);
  }

  /**
   * The same gateway as an admin listener sees it: it serves {@code only} these endpoints, and
   * {@code sites}.
   */
  public Gateway onlyEndpoints(Map<String, Endpoint> only, List<Site> sites) {
    return new Gateway(
        configuration,
        identify,
        planner,
        admission,
        capacity,
        rejects,
        policy,
        clients,
        bodies,
        work,
        only,
        sites,
        modelLists,
        observers,
        models,
        ollama,
        tracing,
        thoughts,
        caches,
        false);
  }

  Snapshot snapshot() {
    return configuration.get();
  }

  /** Tells of a request that begins; what is returned wants to see the bytes of its reply. */
  @Nullable ReplyTap opened(Opening opening) {
    ReplyTap tap = null;
    for (ExchangeObserver observer : observers) {
      ReplyTap more = observer.opened(opening);
      if (more != null) {
        ReplyTap first = tap;
        tap =
            first == null
                ? more
                : bytes -> {
                  first.sent(bytes);
                  more.sent(bytes);
                };
      }
    }
    return tap;
  }

  /** Tells of a page or an app that asked whether it may send requests. */
  void preflight(String path, Headers headers) {
    for (ExchangeObserver observer : observers) {
      observer.preflight(path, headers);
    }
  }

  void closed(Receipt receipt) {
    for (ExchangeObserver observer : observers) {
      observer.closed(receipt);
    }
  }
}
