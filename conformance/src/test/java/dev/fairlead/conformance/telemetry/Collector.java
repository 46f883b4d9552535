package dev.fairlead.conformance.telemetry;

import dev.fairlead.testkit.Await;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * A collector that takes OTLP over HTTP and gRPC and keeps what it was sent, read with
 * OpenTelemetry's own message classes.
 */
final class Collector implements AutoCloseable {
  private static final int GRPC_PREFIX = 5;

  /** What was sent at once, and with which headers. */
  record Batch(Map<String, String> headers, ExportTraceServiceRequest request) {}

  private final Vertx vertx = Vertx.vertx();
  private final List<Batch> batches = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  Collector() {
    server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0));
    server.requestHandler(this::take);
    try {
      server.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the collector did not start", e);
    }
  }

  String address() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  List<Batch> batches() {
    return batches;
  }

  /** Waits for so many spans and returns all there are. */
  List<Span> await(int count) {
    return Await.value(
        this::spans, spans -> spans.size() >= count, Duration.ofSeconds(20), count + " spans");
  }

  private List<Span> spans() {
    return batches.stream()
        .flatMap(batch -> batch.request().getResourceSpansList().stream())
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  /** A span's attributes as text. */
  static Map<String, String> attributes(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(
            Collectors.toMap(
                KeyValue::getKey,
                pair ->
                    switch (pair.getValue().getValueCase()) {
                      case STRING_VALUE -> pair.getValue().getStringValue();
                      case INT_VALUE -> Long.toString(pair.getValue().getIntValue());
                      case DOUBLE_VALUE -> Double.toString(pair.getValue().getDoubleValue());
                      case BOOL_VALUE -> Boolean.toString(pair.getValue().getBoolValue());
                      default ->
                          pair.getValue().getArrayValue().getValuesList().stream()
                              .map(one -> one.getStringValue())
                              .collect(Collectors.joining(","));
                    }));
  }

  private void take(HttpServerRequest request) {
    request
        .body()
        .onSuccess(body -> {
          boolean grpc =
              String.valueOf(request.getHeader("content-type")).startsWith("application/grpc");
          batches.add(
              new Batch(
                  request.headers().entries().stream()
                      .collect(
                          Collectors.toMap(
                              Map.Entry::getKey, Map.Entry::getValue, (one, _) -> one)),
                  read(request, body, grpc)));
          byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
          if (grpc) {
            request
                .response()
                .putHeader("content-type", "application/grpc")
                .putTrailer("grpc-status", "0");
            request
                .response()
                .end(
                    Buffer.buffer()
                        .appendByte((byte) 0)
                        .appendInt(answer.length)
                        .appendBytes(answer));
          } else {
            request
                .response()
                .putHeader("content-type", "application/x-protobuf")
                .end(Buffer.buffer(answer));
          }
        });
  }

  private static ExportTraceServiceRequest read(
      HttpServerRequest request, Buffer body, boolean grpc) {
    byte[] bytes = grpc ? body.getBytes(GRPC_PREFIX, body.length()) : body.getBytes();
    boolean packed =
        grpc ? body.getByte(0) == 1 : "gzip".equals(request.getHeader("content-encoding"));
    try {
      return ExportTraceServiceRequest.parseFrom(packed ? unpacked(bytes) : bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] unpacked(byte[] bytes) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    }
  }

  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the collector did not stop", e);
    }
  }
}
