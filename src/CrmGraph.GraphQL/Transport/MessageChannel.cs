using System.Buffers;
using System.Net.WebSockets;

namespace CrmGraph.GraphQL.Transport;

public enum ChannelMessageKind { Text, Binary, TooLarge, Closed }

/// <summary>A whole message as it came; <paramref name="Data"/> is valid until the next read.</summary>
public readonly record struct ChannelMessage(ChannelMessageKind Kind, ReadOnlyMemory<byte> Data = default);

/// <summary>Text messages in both directions with a close code at the end: a WebSocket, or memory in tests. One reader and one writer at a time.</summary>
public abstract class MessageChannel
{
    /// <summary>The next message; <see cref="ChannelMessageKind.Closed"/> when the other side has gone, however it went.</summary>
    public abstract ValueTask<ChannelMessage> ReadAsync(CancellationToken cancellationToken);
    /// <summary>Sends a message; <see cref="Abort"/> lets go who waits for a client that takes nothing.</summary>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> utf8);
    /// <summary>Says that the connection ends. Reading goes on until the other side has said so too.</summary>
    public abstract ValueTask CloseAsync(int code, string reason, CancellationToken cancellationToken);
    /// <summary>Cuts the connection off.</summary>
    public abstract void Abort();
}

/// <summary>A WebSocket that was accepted with the sub-protocol <see cref="WebSocketProtocol.SubProtocol"/>.</summary>
/// <param name="abort">Cuts the connection under it off.</param>
public sealed class WebSocketChannel(WebSocket socket, int maximumBytes, Action? abort = null) : MessageChannel
{
    // RFC 6455 section 5.5: a close frame holds at most 123 bytes of reason.
    private const int MaximumReasonBytes = 123;
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    public override async ValueTask<ChannelMessage> ReadAsync(CancellationToken cancellationToken)
    {
        _buffer.ResetWrittenCount();
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(_buffer.GetMemory(1024), cancellationToken);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await AnswerCloseAsync(cancellationToken);
                    return new ChannelMessage(ChannelMessageKind.Closed);
                }

                _buffer.Advance(part.Count);
                if (_buffer.WrittenCount > maximumBytes)
                    return new ChannelMessage(ChannelMessageKind.TooLarge);
                if (part.EndOfMessage)
                    return new ChannelMessage(
                        part.MessageType == WebSocketMessageType.Text ? ChannelMessageKind.Text : ChannelMessageKind.Binary,
                        _buffer.WrittenMemory);
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            return new ChannelMessage(ChannelMessageKind.Closed);
        }
    }

    // RFC 6455 section 5.5.1: a close frame is answered by one, or the client takes the end for a lost connection (1006).
    private async ValueTask AnswerCloseAsync(CancellationToken cancellationToken)
    {
        if (socket.State == WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(socket.CloseStatus ?? WebSocketCloseStatus.NormalClosure, null, cancellationToken);
    }

    // With a token that may be cancelled every message would be registered with it, and take the socket's slow way.
    public override ValueTask SendAsync(ReadOnlyMemory<byte> utf8) => socket.SendAsync(utf8, WebSocketMessageType.Text, true, CancellationToken.None);

    public override void Abort()
    {
        abort?.Invoke();
        socket.Abort();
    }

    public override async ValueTask CloseAsync(int code, string reason, CancellationToken cancellationToken)
    {
        while (System.Text.Encoding.UTF8.GetByteCount(reason) > MaximumReasonBytes)
            reason = reason[..^1];
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, cancellationToken);
    }
}
