using System.Buffers.Text;
using System.Globalization;
using System.Text;
using CrmGraph.GraphQL.Errors;

namespace CrmGraph.GraphQL.Annotations;

/// <summary>How the value of a global id is written after <c>TypeName:</c>. Registered with <see cref="SchemaBuilder.AddNodeIdCodec"/> for keys of more than one part.</summary>
public interface INodeIdCodec
{
    Type ValueType { get; }
    byte[] Encode(object value);
    /// <summary>Null when the bytes are not such a value.</summary>
    object? Decode(ReadOnlySpan<byte> bytes);
}

/// <summary>
/// Global ids: base64 of <c>TypeName:</c> and the value. Guids are their 16 bytes in network order (RFC 9562), numbers and strings
/// are text. Read in the standard or the url-safe alphabet, with or without padding.
/// </summary>
public sealed class NodeIds
{
    private const int MaximumCharacters = 1024;
    private readonly Dictionary<Type, INodeIdCodec> _codecs = [];
    private readonly IReadOnlyDictionary<string, string> _former;

    /// <param name="former">The names of today by those that types had before.</param>
    internal NodeIds(IEnumerable<INodeIdCodec> codecs, IReadOnlyDictionary<string, string>? former = null)
    {
        _former = former ?? new Dictionary<string, string>();
        foreach (var codec in (IEnumerable<INodeIdCodec>)[new GuidCodec(), new TextCodec<string>(s => s), .. Numbers(), .. codecs])
            _codecs[codec.ValueType] = codec;
    }

    public bool Handles(Type valueType) => _codecs.ContainsKey(valueType);

    public string Format(string typeName, object value)
    {
        if (!_codecs.TryGetValue(value.GetType(), out var codec))
            throw new InvalidOperationException($"No id codec is registered for {value.GetType()}.");
        var bytes = codec.Encode(value);
        var id = new byte[Encoding.UTF8.GetByteCount(typeName) + 1 + bytes.Length];
        var length = Encoding.UTF8.GetBytes(typeName, id);
        id[length] = (byte)':';
        bytes.CopyTo(id.AsSpan(length + 1));
        return Convert.ToBase64String(id);
    }

    /// <summary>The id of a Guid, with no allocation but the text.</summary>
    public static string FormatGuid(string typeName, Guid value)
    {
        // A GraphQL name is ASCII.
        Span<byte> id = typeName.Length > 100 ? new byte[typeName.Length + 17] : stackalloc byte[typeName.Length + 17];
        var length = Encoding.ASCII.GetBytes(typeName, id);
        id[length] = (byte)':';
        value.TryWriteBytes(id[(length + 1)..], bigEndian: true, out _);
        return Convert.ToBase64String(id);
    }

    /// <summary>The raw value of an id. Throws <see cref="GraphQLException"/> INVALID_ID when it is malformed or of another type.</summary>
    /// <param name="typeName">The type that the id must have; null for any.</param>
    public T Parse<T>(string id, string? typeName = null) => (T)Parse(id, typeof(T), typeName);

    public object Parse(string id, Type valueType, string? typeName = null)
    {
        var (name, value) = Split(id) ?? throw Malformed(id, typeName);
        name = Current(name);
        if (typeName is not null && name != typeName)
            throw new GraphQLException(ErrorCodes.InvalidId, $"The id \"{Shown(id)}\" is of type {Shown(name)}; an id of type {typeName} is needed.");
        if (!_codecs.TryGetValue(valueType, out var codec))
            throw new InvalidOperationException($"No id codec is registered for {valueType}.");
        return codec.Decode(value) ?? throw Malformed(id, typeName);
    }

    /// <summary>The type name of an id, or null when it is malformed.</summary>
    public static string? TypeNameOf(string id) => Split(id)?.TypeName;

    /// <summary>The name that the type has today.</summary>
    internal string Current(string typeName) => _former.GetValueOrDefault(typeName, typeName);

    internal static GraphQLException Malformed(string id, string? typeName) => new(ErrorCodes.InvalidId,
        $"The id \"{Shown(id)}\" is malformed; give the `id` of {(typeName is null ? "an object" : $"a {typeName}")} as the server wrote it.");

    private static string Shown(string text) => text.Length <= 64 ? text : text[..64] + "...";

    private static (string TypeName, byte[] Value)? Split(string id)
    {
        if (id.Length is 0 or > MaximumCharacters)
            return null;
        var text = id.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        if (!Base64Url.IsValid(text))
            return null;
        byte[] bytes;
        try
        {
            bytes = Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }

        var colon = Array.IndexOf(bytes, (byte)':');
        if (colon <= 0 || !IsName(bytes.AsSpan(0, colon)))
            return null;
        return (Encoding.ASCII.GetString(bytes, 0, colon), bytes[(colon + 1)..]);
    }

    private static bool IsName(ReadOnlySpan<byte> name)
    {
        foreach (var b in name)
            if (!char.IsAsciiLetterOrDigit((char)b) && b != '_')
                return false;
        return true;
    }

    private static IEnumerable<INodeIdCodec> Numbers()
    {
        yield return new TextCodec<int>(s => int.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null);
        yield return new TextCodec<long>(s => long.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null);
        yield return new TextCodec<short>(s => short.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null);
    }

    private sealed class GuidCodec : INodeIdCodec
    {
        public Type ValueType => typeof(Guid);
        public byte[] Encode(object value) => ((Guid)value).ToByteArray(bigEndian: true);
        public object? Decode(ReadOnlySpan<byte> bytes) => bytes.Length == 16 ? new Guid(bytes, bigEndian: true) : null;
    }

    private sealed class TextCodec<T>(Func<string, object?> parse) : INodeIdCodec
    {
        private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

        public Type ValueType => typeof(T);
        public byte[] Encode(object value) => Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture)!);

        public object? Decode(ReadOnlySpan<byte> bytes)
        {
            try
            {
                return parse(Strict.GetString(bytes));
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }
    }
}
