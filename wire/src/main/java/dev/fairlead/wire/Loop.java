package dev.fairlead.wire;

import io.netty.channel.EventLoop;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What belongs to one event loop: its HTTP clients, its resolver, and the exchanges that live on
 * it.
 */
final class Loop {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final long TICK_MILLIS = 50;

  private final Gateway gateway;
  private final Cors cors;
  private final TimeLimits limits;
  private final LongSupplier clock;
  private final EventLoop eventLoop;
  private final UpstreamClients clients;
  private final HostResolver resolver;
  private final ContextInternal context;
  private final Http1Head heads = new Http1Head();
  private final Roster<ExchangeDriver> live = new Roster<>();
  private final Roster<BodyIntake> reading = new Roster<>();
  private final ConnectionWatch connections;
  private final Executor blocking;
  private final SiteBounds sites;

  Loop(
      Gateway gateway,
      ContextInternal context,
      Executor blocking,
      SiteBounds sites,
      TimeLimits limits,
      OpenConnections clientConnections,
      OpenConnections upstreamConnections,
      LongSupplier clock) {
    this.blocking = blocking;
    this.sites = sites;
    this.clock = clock;
    this.gateway = gateway;
    this.cors = new Cors(() -> gateway.snapshot().client());
    this.limits = limits;
    this.context = context;
    this.eventLoop = context.nettyEventLoop();
    this.clients = new UpstreamClients(context, upstreamConnections, clock);
    this.resolver = new HostResolver(blocking, eventLoop, clock);
    this.connections = new ConnectionWatch(limits, clientConnections);
  }

  Gateway gateway() {
    return gateway;
  }

  TimeLimits limits() {
    return limits;
  }

  Cors cors() {
    return cors;
  }

  EventLoop eventLoop() {
    return eventLoop;
  }

  UpstreamClients clients() {
    return clients;
  }

  HostResolver resolver() {
    return resolver;
  }

  ConnectionWatch connections() {
    return connections;
  }

  /** Runs each task on a virtual thread of its own. */
  Executor blocking() {
    return blocking;
  }

  SiteBounds sites() {
    return sites;
  }

  /** Where heads of replies are written, one at a time. */
  Http1Head heads() {
    return heads;
  }

  /**
   * Begins a piece of work of this loop: from here to {@link #leave} Vert.x knows where it is, and
   * its watch notices when the work takes too long.
   *
   * @return what to leave with
   */
  ContextInternal enter() {
    return context.beginDispatch();
  }

  void leave(ContextInternal before) {
    context.endDispatch(before);
  }

  /** Has {@code action} run on this loop after {@code delay}; returns what cancels it. */
  Future<?> later(Duration delay, Runnable action) {
    return eventLoop.schedule(() -> run(action), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Has {@code action} run on this loop in a turn of its own; called by any thread. */
  void soon(Runnable action) {
    eventLoop.execute(() -> run(action));
  }

  /** Lets time pass from now on. */
  void startTicking() {
    eventLoop.scheduleWithFixedDelay(
        () -> run(this::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void run(Runnable action) {
    ContextInternal before = enter();
    try {
      action.run();
    } catch (RuntimeException bug) {
      // What is repeated would not be repeated again.
      LOG.error("a task of an event loop failed", bug);
    } finally {
      leave(before);
    }
  }

  /** Monotonic time. */
  long nanos() {
    return clock.getAsLong();
  }

  void add(ExchangeDriver driver) {
    live.add(driver);
  }

  void remove(ExchangeDriver driver) {
    live.remove(driver);
  }

  void reading(BodyIntake body) {
    reading.add(body);
  }

  void stopReading(BodyIntake body) {
    reading.remove(body);
  }

  /** Closes a connection once the client has had time to read what was sent. */
  void closeSoon(ClientConnection connection) {
    connection.part();
    later(limits.parting(), connection::close);
  }

  /** Exchanges under way on this loop, and bodies still being read. */
  int live() {
    return live.size() + reading.size();
  }

  /** From now on new connections get no answer but that the gateway is stopping. */
  void drain() {
    connections.drain();
  }

  /** Ends every connection of a client, whatever it carries; called on the loop. */
  void close() {
    connections.closeAll();
  }

  /** Ends every exchange and every body still being read; called on the loop. */
  void stopAll(String reason) {
    for (BodyIntake body : reading.present()) {
      body.stop(reason);
    }
    for (ExchangeDriver driver : live.present()) {
      driver.stop(reason);
    }
  }

  private void tick() {
    long now = nanos();
    connections.tick(now);
    clients.tick(now);
    for (BodyIntake body : reading.present()) {
      body.tick(now);
    }
    for (ExchangeDriver driver : live.present()) {
      driver.tick(now);
    }
  }
}
