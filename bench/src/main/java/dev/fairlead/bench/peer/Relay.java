package dev.fairlead.bench.peer;

import dev.fairlead.bench.process.FreePort;
import dev.fairlead.bench.process.ParentLink;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;

/**
 * What the floor and the prototype have in common: event loops, sockets, pools and header rules.
 */
abstract class Relay extends VerticleBase {

  static final String HOST = "127.0.0.1";
  static final String UPSTREAM_AUTHORIZATION = "Bearer " + MockProvider.KEY;

  /** Room for 10,000 slow streams on every loop. */
  private static final int MAX_UPSTREAM_CONNECTIONS = 20_000;

  private static final Set<String> NOT_RELAYED = notRelayed();

  final int upstreamPort;
  private final int port;

  @SuppressWarnings("NullAway.Init") // Set by start(), before the first request.
  private HttpClient client;

  Relay(int port, int upstreamPort) {
    this.port = port;
    this.upstreamPort = upstreamPort;
  }

  /** Makes one relay for one event loop. */
  interface Factory {
    Relay create(int port, int upstreamPort);
  }

  /**
   * Deploys one relay per core on a free port and announces it; ends the process on failure.
   *
   * @param args the provider's port on 127.0.0.1
   */
  static void serve(String[] args, Factory factory) throws IOException, InterruptedException {
    if (args.length != 1) {
      throw new IllegalArgumentException("wanted: the provider's port on 127.0.0.1");
    }
    int upstreamPort = Integer.parseInt(args[0]);
    int port = FreePort.find();
    int loops = Runtime.getRuntime().availableProcessors();
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops));
    try {
      vertx
          .deployVerticle(
              () -> factory.create(port, upstreamPort), new DeploymentOptions().setInstances(loops))
          .toCompletionStage()
          .toCompletableFuture()
          .get();
    } catch (ExecutionException e) {
      throw new IOException("cannot serve on port " + port, e.getCause());
    }
    ParentLink.announce(System.out, port);
  }

  @Override
  public final Future<?> start() {
    client =
        vertx
            .httpClientBuilder()
            .with(new HttpClientOptions().setDecompressionSupported(false).setTcpNoDelay(true))
            .with(new PoolOptions().setHttp1MaxSize(MAX_UPSTREAM_CONNECTIONS).setEventLoopSize(0))
            .build();
    HttpServerOptions options =
        new HttpServerOptions()
            .setAcceptBacklog(4096)
            .setTcpNoDelay(true)
            .setHost(HOST)
            .setPort(port);
    return vertx.createHttpServer(options).requestHandler(this::handle).listen();
  }

  abstract void handle(HttpServerRequest request);

  final HttpClient client() {
    return client;
  }

  final RequestOptions upstream(HttpServerRequest request) {
    return new RequestOptions()
        .setHost(HOST)
        .setPort(upstreamPort)
        .setMethod(request.method())
        .setURI(request.uri());
  }

  /** Whether a header belongs to the message and not to one connection or one side's identity. */
  static boolean isRelayed(String header) {
    return !NOT_RELAYED.contains(header);
  }

  private static Set<String> notRelayed() {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.add(HttpHeaders.AUTHORIZATION.toString());
    names.add(HttpHeaders.CONNECTION.toString());
    names.add(HttpHeaders.HOST.toString());
    names.add(HttpHeaders.KEEP_ALIVE.toString());
    names.add(HttpHeaders.TRANSFER_ENCODING.toString());
    return names;
  }
}
