using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Channels;
using CrmGraph.GraphQL.Admission;
using CrmGraph.GraphQL.Coercion;
using CrmGraph.GraphQL.Errors;
using CrmGraph.GraphQL.Execution.Response;
using CrmGraph.GraphQL.Language;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Transport;

/// <summary>
/// One connection. The reader follows the state machine; each operation runs beside it. Who finds nothing waiting writes himself; else messages wait in a
/// bounded queue for the one sender, and whoever has more to say waits with them, so a slow client costs no memory.
/// </summary>
internal sealed class WebSocketSession(RequestExecutor executor, ConnectionInit init, MessageChannel channel, IServiceProvider services) : IAsyncDisposable
{
    private const int CloseGraceSeconds = 5;
    private readonly ConcurrentDictionary<string, Operation> _operations = new(StringComparer.Ordinal);
    // Completed by the client, but still on their way out.
    private readonly ConcurrentDictionary<Operation, bool> _leaving = new();
    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(executor.Limits.QueuedMessages);
    /// <summary>Whose turn it is to write: what was said first is taken from the queue by whoever has it.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _life = new();
    // Cancelled as soon as the connection is to end: operations stop, while the close frame may still be sent.
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private (int Code, string Reason)? _close;
    private RequestState? _state;
    private bool _initialised;
    private bool _heard = true;

    private sealed class Operation(string id) : IDisposable
    {
        private int _done;
        private byte[]? _head;
        /// <summary>How all of its answers begin.</summary>
        public byte[] Head => _head ??= ProtocolMessages.NextHead(id);
        public CancellationTokenSource Ending { get; } = new();
        public Task Running { get; set; } = Task.CompletedTask;
        /// <summary>Whether this call was the first to end it.</summary>
        public bool TryEnd() => Interlocked.Exchange(ref _done, 1) == 0;
        public bool IsDone => Volatile.Read(ref _done) == 1;
        public void Dispose() => Ending.Dispose();

        public async ValueTask EndAsync()
        {
            TryEnd();
            try
            {
                await Ending.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended by itself.
            }
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = cancellationToken.Register(() => Close(CloseCodes.GoingAway, "The server is stopping."));
        var abort = _life.Token.UnsafeRegister(static c => ((MessageChannel)c!).Abort(), channel);
        var sender = SendAllAsync();
        var clock = WatchAsync();
        var ended = default(CancellationTokenRegistration);
        try
        {
            while (true)
            {
                var message = await channel.ReadAsync(_life.Token);
                if (message.Kind == ChannelMessageKind.Closed)
                    break;
                Volatile.Write(ref _heard, true);
                if (_ending.IsCancellationRequested)
                    continue;
                if (message.Kind == ChannelMessageKind.TooLarge)
                    Close(CloseCodes.MessageTooBig, $"A message may have at most {executor.Limits.BodyBytes} bytes.");
                else if (message.Kind == ChannelMessageKind.Binary)
                    Close(CloseCodes.BadRequest, "Messages must be text.");
                else if (await HandleAsync(message.Data) is { } decision)
                    ended = decision.EndWhen.UnsafeRegister(_ => Close(CloseCodes.Forbidden, decision.EndReason()), null);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            // Closed from our side.
        }
        finally
        {
            await ended.DisposeAsync();
            await _ending.CancelAsync();
            var operations = _operations.Values.Concat(_leaving.Keys).Distinct().ToList();
            foreach (var operation in operations)
                await operation.EndAsync();
            await Task.WhenAll(operations.Select(o => o.Running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var operation in operations)
                operation.Dispose();
            _outgoing.Writer.TryComplete();
            // What has been written still reaches a client that is there.
            await abort.DisposeAsync();
            await _life.CancelAsync();
            await sender.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await clock.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public ValueTask DisposeAsync()
    {
        _turn.Dispose();
        _life.Dispose();
        _ending.Dispose();
        return default;
    }

    /// <summary>The host's decision when the message was <c>connection_init</c> and it was accepted.</summary>
    private async ValueTask<ConnectionDecision?> HandleAsync(ReadOnlyMemory<byte> utf8)
    {
        JsonElement message;
        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 128 });
            message = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            Close(CloseCodes.BadRequest, "A message must be a JSON object.");
            return null;
        }

        if (!JsonUnicode.IsValid(JsonMarshal.GetRawUtf8Value(message)))
        {
            Close(CloseCodes.BadRequest, "A message must be valid Unicode.");
            return null;
        }

        switch (TextOf(message, "type"))
        {
            case "connection_init":
                return await InitialiseAsync(message);
            case "ping":
                await SendAsync(ProtocolMessages.Plain("pong", message));
                return null;
            case "pong":
                return null;
            case "subscribe":
                await SubscribeAsync(message);
                return null;
            case "complete" when TextOf(message, "id") is { } id:
                if (_operations.TryGetValue(id, out var operation))
                {
                    _leaving.TryAdd(operation, true);
                    _operations.TryRemove(KeyValuePair.Create(id, operation));
                    await operation.EndAsync();
                    if (operation.Running.IsCompleted)
                        _leaving.TryRemove(operation, out _);
                }

                return null;
            default:
                Close(CloseCodes.BadRequest, "A message must be of a type that the protocol knows, with its members.");
                return null;
        }
    }

    private async ValueTask<ConnectionDecision?> InitialiseAsync(JsonElement message)
    {
        if (_initialised)
        {
            Close(CloseCodes.TooManyInitialisations, "Too many initialisation requests");
            return null;
        }

        _initialised = true;
        var payload = message.TryGetProperty("payload", out var given) ? given : default;
        if (payload.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Object))
        {
            Close(CloseCodes.BadRequest, "The payload of connection_init must be an object.");
            return null;
        }

        ConnectionDecision decision;
        try
        {
            decision = await init(payload, _ending.Token);
        }
        catch (GraphQLException e)
        {
            decision = ConnectionDecision.Refuse(e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Close(CloseCodes.InternalError, $"Internal server error {executor.Report(e, "connection_init")}");
            return null;
        }

        if (decision.State is not { } state)
        {
            Close(decision.CloseCode, decision.Reason);
            return null;
        }

        _state = state;
        await SendAsync(ProtocolMessages.Plain("connection_ack"));
        return decision;
    }

    private async ValueTask SubscribeAsync(JsonElement message)
    {
        if (_state is null)
        {
            Close(CloseCodes.Unauthorized, "Unauthorized");
            return;
        }

        if (TextOf(message, "id") is not { Length: > 0 } id || !message.TryGetProperty("payload", out var payload))
        {
            Close(CloseCodes.BadRequest, "subscribe needs an id and a payload.");
            return;
        }

        GraphQLRequest request;
        try
        {
            request = RequestReader.FromJson(payload);
        }
        catch (GraphQLException e)
        {
            Close(CloseCodes.BadRequest, e.Message);
            return;
        }

        if (_operations.Count + _leaving.Count >= executor.Limits.SubscriptionsPerConnection && !_operations.ContainsKey(id))
        {
            var most = executor.Limits.SubscriptionsPerConnection;
            var error = new GraphQLError($"A connection may have {most} operations at a time; complete one first.") { Code = ErrorCodes.InvalidRequest };
            await SendAsync(ProtocolMessages.Error(id, [error], Labels));
            return;
        }

        var operation = new Operation(id);
        if (!_operations.TryAdd(id, operation))
        {
            operation.Dispose();
            Close(CloseCodes.SubscriberExists, $"Subscriber for {id} already exists");
            return;
        }

        // Not on the reader's thread: a resolver that never waits must not keep `complete` from being heard.
        operation.Running = Task.Run(() => ExecuteAsync(id, operation, request, _state), CancellationToken.None);
    }

    private async Task ExecuteAsync(string id, Operation operation, GraphQLRequest request, RequestState state)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(operation.Ending.Token, _ending.Token);
        var counted = false;
        try
        {
            var prepared = executor.Prepare(request, state);
            if (prepared.Kind == OperationKind.Subscription)
            {
                if (executor.Gate.BeginSubscription(TransportCaller.Of(state)) is { } refusal)
                {
                    await SendResponseAsync(id, operation, ExecutionResult.Failed(refusal));
                    return;
                }

                counted = true;
            }

            var result = prepared.Kind == OperationKind.Subscription
                ? await executor.ExecuteAsync(prepared, request.Variables, state, services, either.Token)
                : await executor.ExecuteInTurnAsync(prepared, request.Variables, state, services, either.Token);
            var completed = result.Stream is { } stream
                ? await SendEachAsync(id, operation, stream, either.Token)
                : await SendResponseAsync(id, operation, result);
            if (_operations.TryRemove(KeyValuePair.Create(id, operation)) && completed && operation.TryEnd())
                await SendAsync(ProtocolMessages.Complete(id));
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            _operations.TryRemove(KeyValuePair.Create(id, operation));
        }
        finally
        {
            if (counted)
                executor.Gate.EndSubscription(TransportCaller.Of(state));
            _leaving.TryRemove(operation, out _);
            operation.Dispose();
        }
    }

    private async Task<bool> SendEachAsync(string id, Operation operation, IAsyncEnumerable<ExecutionResult> stream, CancellationToken cancellationToken)
    {
        await foreach (var response in stream.WithCancellation(cancellationToken))
        {
            if (operation.IsDone || !response.HasData)
                return await SendResponseAsync(id, operation, response);
            await SendAsync(ProtocolMessages.Next(operation.Head, response, Labels));
        }

        return true;
    }

    /// <summary>Sends <c>next</c>; or <c>error</c>, which is the operation's last message, when nothing was executed.</summary>
    private async Task<bool> SendResponseAsync(string id, Operation operation, ExecutionResult response)
    {
        if (operation.IsDone)
            return false;
        if (response.HasData)
        {
            await SendAsync(ProtocolMessages.Next(operation.Head, response, Labels));
            return true;
        }

        _operations.TryRemove(KeyValuePair.Create(id, operation));
        if (operation.TryEnd())
            await SendAsync(ProtocolMessages.Error(id, response.Errors, Labels));
        return false;
    }

    private ErrorLabels? Labels => _state?.Get<ErrorLabels>();

    /// <summary>Writes when nobody else does and nothing waits, which saves a message the way to another thread.</summary>
    private ValueTask SendAsync(byte[] message)
    {
        if (_ending.IsCancellationRequested || !_turn.Wait(0, CancellationToken.None))
            return _outgoing.Writer.WriteAsync(message, _ending.Token);
        if (_outgoing.Reader.Count == 0)
            return SendNowAsync(message);
        _turn.Release();
        return _outgoing.Writer.WriteAsync(message, _ending.Token);
    }

    private async ValueTask SendNowAsync(byte[] message)
    {
        try
        {
            await channel.SendAsync(message);
        }
        catch (Exception e) when (IsOfAClientThatHasGone(e))
        {
            // Reading will say so as well.
            await _life.CancelAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    private static bool IsOfAClientThatHasGone(Exception e) =>
        e is IOException or System.Net.WebSockets.WebSocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException;

    private async Task SendAllAsync()
    {
        try
        {
            while (await _outgoing.Reader.WaitToReadAsync(_ending.Token))
                if (!await SendWaitingAsync())
                    return;
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // To the close frame.
        }

        if (_close is not { } close || _life.IsCancellationRequested)
            return;
        try
        {
            // Whoever is just writing comes first; nobody begins any more.
            await _turn.WaitAsync(_life.Token);
            await channel.CloseAsync(close.Code, close.Reason, _life.Token);
        }
        catch (Exception e) when (IsOfAClientThatHasGone(e))
        {
            await _life.CancelAsync();
        }
    }

    private async Task<bool> SendWaitingAsync()
    {
        await _turn.WaitAsync(_ending.Token);
        try
        {
            while (!_ending.IsCancellationRequested && _outgoing.Reader.TryRead(out var message))
                await channel.SendAsync(message);
            return true;
        }
        catch (Exception e) when (IsOfAClientThatHasGone(e))
        {
            await _life.CancelAsync();
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends what does not initialise in time, and asks a silent client whether it is still there.</summary>
    private async Task WatchAsync()
    {
        var time = executor.TimeProvider;
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(executor.Limits.ConnectionInitSeconds), time, _ending.Token);
            if (_state is null)
            {
                Close(CloseCodes.InitialisationTimeout, "Connection initialisation timeout");
                return;
            }

            while (true)
            {
                Volatile.Write(ref _heard, false);
                // Behind what waits; where nothing more may wait, there is enough to answer.
                _outgoing.Writer.TryWrite(ProtocolMessages.Plain("ping"));
                await Task.Delay(TimeSpan.FromSeconds(executor.Limits.KeepAliveSeconds), time, _ending.Token);
                if (Volatile.Read(ref _heard))
                    continue;
                Close(CloseCodes.Terminated, "Terminated");
                return;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            // The connection ends.
        }
    }

    private void Close(int code, string reason)
    {
        lock (_lock)
        {
            if (_close is not null)
                return;
            _close = (code, reason);
        }

        try
        {
            // A client that does not answer the close frame, or does not even take it, is cut off.
            _life.CancelAfter(TimeSpan.FromSeconds(CloseGraceSeconds));
            _ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It had ended already.
        }
    }

    private static string? TextOf(JsonElement message, string name) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
