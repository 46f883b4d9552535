package dev.fairlead.core.exchange;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.routing.FailureClass;

/**
 * What can happen to an exchange. Events of an attempt carry its number; those of an attempt that
 * is over are ignored, so that whoever drives the machine need not care about races.
 */
public sealed interface ExchangeEvent {
  /** A place at the provider was granted. */
  record CapacityGranted(int attempt) implements ExchangeEvent {}

  /** The provider has no place left, not even to wait for one. */
  record CapacityShed(int attempt) implements ExchangeEvent {}

  /** The reply's status and headers; never 1xx. */
  record UpstreamHead(int attempt, int status, Headers headers) implements ExchangeEvent {}

  /** The next bytes of the reply's body. */
  record UpstreamData(int attempt, Bytes bytes) implements ExchangeEvent {}

  /** The reply's body is complete as HTTP understands it. */
  record UpstreamEnd(int attempt) implements ExchangeEvent {}

  /** The attempt failed below HTTP. {@code detail} is for the operator and holds no secret. */
  record UpstreamLost(int attempt, FailureClass failure, String detail) implements ExchangeEvent {}

  /** Time has passed; sent when {@link Exchange#deadline()} is reached, or at any other moment. */
  record Tick() implements ExchangeEvent {}

  /** The client does not take more bytes for now. */
  record ClientStalled() implements ExchangeEvent {}

  /** The client takes bytes again. */
  record ClientReady() implements ExchangeEvent {}

  /** The client has gone. */
  record ClientGone() implements ExchangeEvent {}

  /** The gateway is stopping, or the operator stops this request. */
  record Stopped(String reason) implements ExchangeEvent {}
}
