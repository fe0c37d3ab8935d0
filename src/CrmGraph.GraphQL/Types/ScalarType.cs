using System.Text.Json;
using CrmGraph.GraphQL.Language;

namespace CrmGraph.GraphQL.Types;

/// <summary>
/// A scalar (section 3.5). The three functions throw <see cref="FormatException"/> with a message for the client when a value does not fit.
/// A custom scalar made from SDL passes values through.
/// </summary>
public sealed class ScalarType(string name) : NamedType(name)
{
    /// <summary>The CLR type of coerced input values; <see cref="object"/> when there is no single one.</summary>
    public Type ClrType { get; init; } = typeof(object);
    public string? SpecifiedByUrl { get; init; }
    /// <summary>From a literal; variables inside lists and objects were replaced before.</summary>
    public Func<ValueNode, object?> ParseLiteral { get; init; } = ScalarPassThrough.Literal;
    /// <summary>From a JSON variable.</summary>
    public Func<JsonElement, object?> ParseValue { get; init; } = ScalarPassThrough.Value;
    /// <summary>Writes a resolver's value. Must check the value before it writes anything.</summary>
    public Action<Utf8JsonWriter, object> Write { get; init; } = ScalarPassThrough.Write;
}
