using System.Buffers;
using System.Text.Json;

namespace CrmGraph.Benchmarks.Http;

/// <summary>What the limit reads of a request: which of its answers is wanted, and the variables that the workload has.</summary>
internal struct LimitRequest
{
    public string Operation { get; private set; }
    public Guid Id { get; private set; }
    public string Region { get; private set; }
    public DateTime From { get; private set; }
    public DateTime Until { get; private set; }
    public DateTime Before { get; private set; }

    public static LimitRequest Read(ReadOnlySequence<byte> body)
    {
        var request = new LimitRequest { Operation = "", Region = "" };
        var json = new Utf8JsonReader(body);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName)
                continue;
            if (json.ValueTextEquals("operationName"u8))
                request.Operation = Next(ref json);
            else if (json.ValueTextEquals("id"u8))
                request.Id = IdOf(Next(ref json));
            else if (json.ValueTextEquals("region"u8))
                request.Region = Next(ref json);
            else if (json.ValueTextEquals("from"u8))
                request.From = Instant(ref json);
            else if (json.ValueTextEquals("until"u8))
                request.Until = Instant(ref json);
            else if (json.ValueTextEquals("before"u8))
                request.Before = Instant(ref json);
        }

        return request;
    }

    private static string Next(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetString() ?? "";
    }

    private static DateTime Instant(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetDateTime().ToUniversalTime();
    }

    private static Guid IdOf(string text)
    {
        Span<byte> bytes = stackalloc byte[64];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == 25 ? new(bytes[9..25], bigEndian: true) : Guid.Empty;
    }
}
