using System.Globalization;
using System.Text;
using CrmGraph.GraphQL.Sdl;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.Tests.Conformance;

/// <summary>
/// The resolvers of the execution cases: the other half of <c>tests/conformance/language/world.mjs</c>, line by line. Every value follows from the
/// seed of its parent, the field and its arguments. Change both together.
/// </summary>
internal sealed class World(Schema schema, int mood, uint rootSeed)
{
    private sealed class Failing(string message) : Exception(message);

    /// <summary>What a schema made from SDL runs: the world travels in the request's state.</summary>
    public static FieldCode Code { get; } = new(
        static context => context.State.Require<World>().ResolveAsync(context),
        static context => ValueTask.FromResult(context.State.Require<World>().Events(context)));

    private static Dictionary<string, object?> Object(string type, uint seed) => new() { ["__typename"] = type, ["seed"] = seed };

    /// <summary>FNV-1a of the UTF-16 units, mixed.</summary>
    private static uint Hash(string text)
    {
        var h = 0x811c9dc5;
        foreach (var c in text)
            h = (h ^ c) * 0x01000193;
        h = (h ^ (h >> 15)) * 0x2c1b3c6d;
        h = (h ^ (h >> 12)) * 0x297a2d39;
        return h ^ (h >> 15);
    }

    private uint Seed(object? parent, string field, string arguments) =>
        Hash(string.Create(CultureInfo.InvariantCulture, $"{(parent as IReadOnlyDictionary<string, object?>)?["seed"] ?? rootSeed}|{field}|{arguments}"));

    private async ValueTask<IReadOnlyList<object?>> ResolveAsync(ResolverContext context)
    {
        var text = Canonical(context.Arguments);
        var values = new object?[context.Parents.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var seed = Seed(context.Parents[i], context.Field.Name, text);
            if (seed % 3 == 0)
                await Task.Yield();
            values[i] = Chance(seed, "fails", 4) ? new Failing("fails") : Value(context.Field.Type, seed, text);
        }

        // A resolver that throws, rather than answering with failures, fails for all of its parents.
        return values is [Failing only] ? throw only : values;
    }

    private async IAsyncEnumerable<object?> Events(ResolverContext context)
    {
        var seed = Seed(context.Parents[0], context.Field.Name, Canonical(context.Arguments));
        for (var i = 0; i < 2; i++)
        {
            await Task.Yield();
            yield return Object("event", Hash(string.Create(CultureInfo.InvariantCulture, $"{seed}event{i}")));
        }
    }

    private bool Chance(uint seed, string what, uint percent) => Hash(seed.ToString(CultureInfo.InvariantCulture) + what) % 100 < percent * mood;

    private object? Value(GraphQLType type, uint seed, string arguments)
    {
        if (type is NonNullType required)
            return Chance(seed, "null", 2) ? null : Some(required.OfType, seed, arguments);
        return Hash(seed.ToString(CultureInfo.InvariantCulture) + "null") % 100 < 8 + (4 * mood) ? null : Some(type, seed, arguments);
    }

    private object Some(GraphQLType type, uint seed, string arguments) => type switch
    {
        ListType list => List(list.OfType, seed, arguments),
        ObjectType => Object(type.Named.Name, seed),
        CompositeType composite => Abstract(composite, seed),
        EnumType e => Chance(seed, "wrong", 3) ? "NOPE" : e.Values[(int)(seed % e.Values.Count)].Name,
        _ => Scalar(type.Named.Name, seed, arguments, Chance(seed, "wrong", 3)),
    };

    private object List(GraphQLType item, uint seed, string arguments)
    {
        if (Chance(seed, "wrong", 2))
            return 5;
        var text = seed.ToString(CultureInfo.InvariantCulture);
        var items = new object?[Hash(text + "length") % 4];
        for (var i = 0; i < items.Length; i++)
        {
            var below = Hash(string.Create(CultureInfo.InvariantCulture, $"{text},{i}"));
            items[i] = Chance(below, "fails", 3) ? new Failing("item fails") : Value(item, below, arguments);
        }

        return Chance(seed, "breaks", 2) ? Breaking() : items;
    }

    private static IEnumerable<object?> Breaking() => Enumerable.Range(0, 3).Select(static object? (_) => throw new Failing("breaks"));

    private object Abstract(CompositeType type, uint seed)
    {
        if (Chance(seed, "wrong", 3))
            return (seed % 3) switch { 0 => new Dictionary<string, object?> { ["seed"] = seed }, 1 => Object("Nope", seed), _ => Object("Query", seed) };
        var possible = schema.PossibleTypes(type).Select(static t => t.Name).Order(StringComparer.Ordinal).ToList();
        return Object(possible[(int)(seed % possible.Count)], seed);
    }

    private static object Scalar(string type, uint seed, string arguments, bool wrong) => type switch
    {
        "Int" => wrong ? new object[] { "text", 1.5, 2147483648 }[seed % 3] : (int)(seed % 2001) - 1000,
        "Float" => wrong ? new object[] { "text", double.NaN, double.PositiveInfinity }[seed % 3] : ((int)(seed % 16001) - 8000) / 8.0,
        "Boolean" => wrong ? "text" : seed % 2 == 0,
        "ID" => wrong ? 1.5 : seed % 2 == 0 ? string.Create(CultureInfo.InvariantCulture, $"id{seed}") : (int)(seed % 1000),
        "String" => wrong ? new object[] { new Dictionary<string, object?>(), Array.Empty<object>(), new object[] { 1 } }[seed % 3]
            : new object[] { string.Create(CultureInfo.InvariantCulture, $"s{seed}"), arguments, "é 😀 \" \\ \n", (int)(seed % 100), true }[seed % 5],
        _ => new object[]
        {
            string.Create(CultureInfo.InvariantCulture, $"s{seed}"),
            (int)(seed % 100),
            new Dictionary<string, object?> { ["a"] = new object?[] { 1, "x", null }, ["b"] = new Dictionary<string, object?> { ["c"] = true } },
            Array.Empty<object>(),
            false,
        }[seed % 5],
    };

    /// <summary>Coerced input as JSON.stringify writes it: order of definitions, nothing escaped that need not be.</summary>
    public static string Canonical(IReadOnlyDictionary<string, object?> values)
    {
        var text = new StringBuilder();
        Write(text, values);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value) => _ = value switch
    {
        null => text.Append("null"),
        string s => Quoted(text, s),
        bool b => text.Append(b ? "true" : "false"),
        int or long => text.Append(CultureInfo.InvariantCulture, $"{value}"),
        double d => text.Append(Number(d)),
        InputObject input => Members(text, input.Fields),
        IReadOnlyDictionary<string, object?> map => Members(text, map),
        System.Collections.IEnumerable list => Items(text, list),
        _ => throw new InvalidOperationException($"A {value.GetType()} among coerced values."),
    };

    private static StringBuilder Members(StringBuilder text, IReadOnlyDictionary<string, object?> map)
    {
        text.Append('{');
        var first = true;
        foreach (var (name, item) in map)
        {
            Quoted(first ? text : text.Append(','), name).Append(':');
            Write(text, item);
            first = false;
        }

        return text.Append('}');
    }

    private static StringBuilder Items(StringBuilder text, System.Collections.IEnumerable list)
    {
        text.Append('[');
        var first = true;
        foreach (var item in list)
        {
            Write(first ? text : text.Append(','), item);
            first = false;
        }

        return text.Append(']');
    }

    private static StringBuilder Quoted(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        return text.Append('"');
    }

    /// <summary>As JavaScript writes it: 100000000000000000000, 1e+21, 1e-7.</summary>
    private static string Number(double value) => Math.Abs(value) < 1e21 && double.IsInteger(value)
        ? new System.Numerics.BigInteger(value).ToString(CultureInfo.InvariantCulture)
        : value.ToString("R", CultureInfo.InvariantCulture).Replace("E-0", "e-", StringComparison.Ordinal).Replace('E', 'e');
}
