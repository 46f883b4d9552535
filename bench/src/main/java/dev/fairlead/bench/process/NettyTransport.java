package dev.fairlead.bench.process;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * How the benchmark's own processes reach the network.
 *
 * @param handler makes the selector of an event loop
 * @param serverChannel listening sockets
 * @param clientChannel outgoing connections
 */
public record NettyTransport(
    IoHandlerFactory handler,
    Class<? extends ServerChannel> serverChannel,
    Class<? extends SocketChannel> clientChannel) {

  /** Epoll where its native library loads, NIO elsewhere. */
  public static NettyTransport best() {
    return Epoll.isAvailable()
        ? new NettyTransport(
            EpollIoHandler.newFactory(), EpollServerSocketChannel.class, EpollSocketChannel.class)
        : new NettyTransport(
            NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
  }

  /** A group of event loops. */
  public EventLoopGroup group(int loops) {
    return new MultiThreadIoEventLoopGroup(loops, handler);
  }
}
