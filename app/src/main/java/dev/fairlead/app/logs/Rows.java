package dev.fairlead.app.logs;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.store.log.Facet;
import dev.fairlead.store.log.LogRow;
import dev.fairlead.store.log.LogRow.Flag;
import dev.fairlead.store.log.Term;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes rows of receipts. */
final class Rows {
  private Rows() {}

  /**
   * The row of a request.
   *
   * @param capture what was captured, or null when it was refused before its opening
   * @param flags what became of its bodies, bits of {@link Flag}
   * @param headers names of request headers that are kept
   * @param redact what is done to whatever of the request's head is kept
   */
  static LogRow of(
      Receipt receipt,
      @Nullable Capture capture,
      int flags,
      Set<String> headers,
      UnaryOperator<String> redact) {
    Map<Facet, Term> facets = new EnumMap<>(Facet.class);
    if (!receipt.attempts().isEmpty()) {
      Receipt.Attempt last = receipt.attempts().getLast();
      put(facets, Facet.PROVIDER, last.provider());
      put(facets, Facet.MODEL, last.model());
      put(facets, Facet.PROVIDER_KEY, last.keyName());
    }
    put(facets, Facet.ALIAS, receipt.requestedModel());
    Attribution who = receipt.attribution();
    put(facets, Facet.KEY, who.key());
    put(facets, Facet.TEAM, who.team());
    put(facets, Facet.CUSTOMER, who.customer());
    put(facets, Facet.USER, who.user());
    put(facets, Facet.RULE, who.rule());
    put(facets, Facet.REPOSITORY, who.repository());
    put(facets, Facet.BRANCH, who.branch());
    String client = receipt.caller().client();
    put(facets, Facet.CLIENT, client);
    if (!receipt.caller().feature().isEmpty()) {
      put(facets, Facet.FEATURE, client + "/" + receipt.caller().feature());
    }
    put(facets, Facet.OUTCOME, receipt.outcome().label());
    put(facets, Facet.FAILURE, receipt.failureCode());
    put(facets, Facet.OPERATION, receipt.operation() == null ? null : receipt.operation().label());
    put(facets, Facet.FINISH, receipt.finishReason());
    int bits = flags;
    bits |= receipt.stream() ? Flag.STREAM.bit() : 0;
    bits |= receipt.usage().estimated() ? Flag.ESTIMATED.bit() : 0;
    List<String> tags = new ArrayList<>();
    who.tags().forEach((name, value) -> tags.add(name + "=" + value));
    Receipt.Timings timings = receipt.timings();
    return new LogRow(
        capture == null ? UUID.fromString(receipt.id()) : capture.uuid(),
        facets,
        receipt.session(),
        capture == null ? 0 : capture.conversation,
        receipt.status(),
        timings.total(),
        timings.firstByte(),
        timings.overhead(),
        timings.queued(),
        receipt.usage(),
        receipt.costNanoUsd(),
        receipt.attempts().size(),
        receipt.requestBytes(),
        receipt.replyBytes(),
        bits,
        tags,
        Detail.of(receipt, capture, headers, redact));
  }

  private static void put(Map<Facet, Term> facets, Facet facet, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      facets.put(facet, Term.of(value));
    }
  }

  private static void put(
      Map<Facet, Term> facets, Facet facet, Attribution.@Nullable Named entity) {
    if (entity != null) {
      facets.put(facet, new Term(entity.id(), entity.name()));
    }
  }
}
