package dev.fairlead.core.exchange;

import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.TraceParent;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.routing.FailureClass;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The one record of a request, made exactly once when it is over. All that is logged, counted,
 * charged and shown of a request comes from here.
 *
 * @param id ours, a UUIDv7
 * @param receivedAtMillis epoch milliseconds at which its headers had arrived
 * @param clientRequestId the client's own {@code x-request-id}, or null
 * @param principal {@link dev.fairlead.core.identity.Principal#id()}, or {@code unknown} when it
 *     was refused before
 * @param caller what is known of the sending program
 * @param attribution whom it is put down to
 * @param session the client's session or conversation, or null
 * @param operation what was asked for, or null when that was not understood
 * @param requestDialect dialect of the request body, or null
 * @param replyDialect dialect of the reply, or null
 * @param requestedModel the model as the client wrote it, or null
 * @param stream whether a stream was asked for
 * @param attempts in order, those that got no place at their provider included; empty when none was
 *     made
 * @param outcome how it ended for the client
 * @param status HTTP status the client got, 0 when it left before
 * @param failureCode code of the failure the client was told, or null
 * @param failureMessage its message, or null
 * @param usage summed over all attempts that reached a provider
 * @param costNanoUsd nano-USD, 0 when nothing was used, empty when the price of something used is
 *     unknown
 * @param requestLane how the request went up
 * @param replyLane how the reply came down
 * @param dropped what translation or policy left out
 * @param warnings sentences for the operator
 * @param replyId the provider's id of the reply, or null
 * @param finishReason the provider's finish reason, or null
 * @param requestBytes size of the body as read
 * @param replyBytes bytes of body sent to the client
 * @param timings where the time went
 * @param cacheMiss what of the prompt has changed first since the request before it, where less was
 *     read from the provider's cache than there was; else null
 */
public record Receipt(
    String id,
    long receivedAtMillis,
    @Nullable String clientRequestId,
    String principal,
    Caller caller,
    Attribution attribution,
    @Nullable String session,
    @Nullable Operation operation,
    @Nullable Dialect requestDialect,
    @Nullable Dialect replyDialect,
    @Nullable String requestedModel,
    boolean stream,
    List<Attempt> attempts,
    Outcome outcome,
    int status,
    @Nullable String failureCode,
    @Nullable String failureMessage,
    Usage usage,
    OptionalLong costNanoUsd,
    Lane requestLane,
    Lane replyLane,
    List<String> dropped,
    List<String> warnings,
    @Nullable String replyId,
    @Nullable String finishReason,
    long requestBytes,
    long replyBytes,
    Timings timings,
    @Nullable String cacheMiss) {
  public Receipt {
    attempts = List.copyOf(attempts);
    dropped = List.copyOf(dropped);
    warnings = List.copyOf(warnings);
  }

  /** A receipt of a request that has missed no cache, as far as is known. */
  public Receipt(
      String id,
      long receivedAtMillis,
      @Nullable String clientRequestId,
      String principal,
      Caller caller,
      Attribution attribution,
      @Nullable String session,
      @Nullable Operation operation,
      @Nullable Dialect requestDialect,
      @Nullable Dialect replyDialect,
      @Nullable String requestedModel,
      boolean stream,
      List<Attempt> attempts,
      Outcome outcome,
      int status,
      @Nullable String failureCode,
      @Nullable String failureMessage,
      Usage usage,
      OptionalLong costNanoUsd,
      Lane requestLane,
      Lane replyLane,
      List<String> dropped,
      List<String> warnings,
      @Nullable String replyId,
      @Nullable String finishReason,
      long requestBytes,
      long replyBytes,
      Timings timings) {
    this(
        id,
        receivedAtMillis,
        clientRequestId,
        principal,
        caller,
        attribution,
        session,
        operation,
        requestDialect,
        replyDialect,
        requestedModel,
        stream,
        attempts,
        outcome,
        status,
        failureCode,
        failureMessage,
        usage,
        costNanoUsd,
        requestLane,
        replyLane,
        dropped,
        warnings,
        replyId,
        finishReason,
        requestBytes,
        replyBytes,
        timings,
        null);
  }

  /** The same, with what made it miss its cache. */
  public Receipt withCacheMiss(String changed) {
    return new Receipt(
        id,
        receivedAtMillis,
        clientRequestId,
        principal,
        caller,
        attribution,
        session,
        operation,
        requestDialect,
        replyDialect,
        requestedModel,
        stream,
        attempts,
        outcome,
        status,
        failureCode,
        failureMessage,
        usage,
        costNanoUsd,
        requestLane,
        replyLane,
        dropped,
        warnings,
        replyId,
        finishReason,
        requestBytes,
        replyBytes,
        timings,
        changed);
  }

  /** How a request ended for the client. */
  public enum Outcome {
    /** The reply was delivered whole. */
    COMPLETED,
    /** Refused before any provider was called: bad request, no permission, no capacity. */
    REFUSED,
    /**
     * A provider's error was passed on, or every target failed; nothing of a reply had been
     * delivered.
     */
    FAILED,
    /** The reply broke off after content had been delivered; the client was told. */
    CUT,
    /** The client left. */
    CANCELLED,
    /** The gateway was stopping, or the operator stopped the request. */
    STOPPED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Lower-case name for logs and metrics. */
    public String label() {
      return label;
    }
  }

  /** How bytes travelled in one direction. */
  public enum Lane {
    /** Nothing travelled. */
    NONE,
    /** Every byte as it was. */
    BYTES,
    /** The same bytes with single spans edited. */
    SPLICE,
    /** Whole frames as they were. */
    FRAMES,
    /** Read and written anew. */
    REWRITE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Lower-case name for headers, logs and metrics. */
    public String label() {
      return label;
    }
  }

  /**
   * The program that sent the request.
   *
   * @param client {@code cursor}, {@code claude-code}, {@code codex}, {@code openai-sdk} … or
   *     {@code unknown}
   * @param feature what of it, e.g. {@code agent}, {@code main}, {@code subagent}, {@code
   *     background}, or empty
   * @param address where it runs, or empty when that is not known
   * @param trace where in a trace of its own it stands, or null
   */
  public record Caller(String client, String feature, String address, @Nullable TraceParent trace) {
    public static final Caller UNKNOWN = new Caller("unknown", "");

    public Caller(String client, String feature) {
      this(client, feature, "", null);
    }

    /** The same program at {@code place}. */
    public Caller at(String place) {
      return new Caller(client, feature, place, trace);
    }

    /** The same program within {@code of}, if that is known. */
    public Caller within(@Nullable TraceParent of) {
      return of == null ? this : new Caller(client, feature, address, of);
    }
  }

  /**
   * One call of a provider.
   *
   * @param keyName name of the provider key, or null when none was used
   * @param startedMicros from the request's arrival to the attempt's start
   * @param queuedMicros waiting for a place at the provider
   * @param firstByteMicros from the call to the reply's first byte, or -1
   * @param totalMicros from start to end
   * @param status the provider's HTTP status, 0 when none came
   * @param failure how it failed, or null when it delivered the reply
   * @param detail the failure in words for the operator; never a secret
   */
  public record Attempt(
      String provider,
      @Nullable String keyName,
      String model,
      long startedMicros,
      long queuedMicros,
      long firstByteMicros,
      long totalMicros,
      int status,
      @Nullable FailureClass failure,
      @Nullable String detail) {}

  /**
   * Where the time went, in microseconds; -1 where something did not happen.
   *
   * @param total from the headers' arrival to the last byte
   * @param firstByte from the headers' arrival to the reply's first byte leaving
   * @param overhead the part of {@code firstByte} that was neither the provider's nor a queue's nor
   *     the client's, which may take its time to send a body
   * @param queued waiting for places at providers
   */
  public record Timings(long total, long firstByte, long overhead, long queued) {}
}
