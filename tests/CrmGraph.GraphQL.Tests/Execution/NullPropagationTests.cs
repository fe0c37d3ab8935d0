using System.Text.Json.Nodes;
using System.Text.Json;
using CrmGraph.GraphQL.Types;
using Snapshooter.Xunit;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Execution;

/// <summary>
/// Handling of field errors (section 6.4.4), against a second executor: the specification's own algorithm written as plain recursion,
/// one object after the other.
/// </summary>
public sealed class NullPropagationTests
{
    private const int Depth = 4;
    private static readonly string[] Shapes = ["T", "T!", "[T]", "[T!]", "[T]!", "[T!]!", "[[T!]]", "[[T]!]!"];

    private sealed class Failing(string message) : Exception(message);

    private static ObjectType Node(Random random, int depth, List<NamedType> all)
    {
        var fields = new List<FieldDefinition>();
        for (var i = 0; i < 4; i++)
        {
            NamedType leaf = depth > 0 && i < 2 ? Node(random, depth - 1, all) : Scalars.Int;
            fields.Add(new FieldDefinition($"f{i}", Shape(Shapes[random.Next(Shapes.Length)], leaf)));
        }

        var type = new ObjectType($"N{all.Count}", () => fields);
        all.Add(type);
        return type;
    }

    private static GraphQLType Shape(string shape, NamedType leaf) => shape switch
    {
        [.., '!'] => new NonNullType(Shape(shape[..^1], leaf)),
        ['[', .., ']'] => new ListType(Shape(shape[1..^1], leaf)),
        _ => leaf,
    };

    private static object? Value(Random random, GraphQLType type) => random.Next(14) switch
    {
        0 => null,
        1 => new Failing("fails"),
        _ => type.Nullable switch
        {
            ListType list => Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, list.OfType)).ToList(),
            ObjectType o => o.Fields.ToDictionary(f => f.Name, f => Value(random, f.Type)),
            _ => random.Next(100),
        },
    };

    private static string Query(ObjectType type)
        => "{" + string.Join(' ', type.Fields.Select(f => f.Name + (f.Type.Named is ObjectType o ? Query(o) : ""))) + "}";

    /// <summary>The value of a position, or null with <paramref name="rises"/> set when the type allows no null.</summary>
    private static JsonNode? Complete(GraphQLType type, object? value, List<object> path, List<string> errors, out bool rises)
    {
        rises = false;
        JsonNode? node = null;
        var below = false;
        if (value is Failing)
            errors.Add(string.Join('.', path));
        else if (value is null && type is NonNullType)
            errors.Add(string.Join('.', path));
        else if (value is not null)
        {
            node = type.Nullable switch
            {
                ListType list => List(list, (List<object?>)value, path, errors, out below),
                ObjectType o => Object(o, (Dictionary<string, object?>)value, path, errors, out below),
                _ => JsonValue.Create((int)value),
            };
        }

        if (below)
            node = null;
        rises = node is null && type is NonNullType;
        return node;
    }

    private static JsonArray List(ListType type, List<object?> items, List<object> path, List<string> errors, out bool rises)
    {
        rises = false;
        var array = new JsonArray();
        for (var i = 0; i < items.Count; i++)
        {
            array.Add(Complete(type.OfType, items[i], [.. path, i], errors, out var rose));
            rises |= rose;
        }

        return array;
    }

    private static JsonObject Object(ObjectType type, Dictionary<string, object?> value, List<object> path, List<string> errors, out bool rises)
    {
        rises = false;
        var made = new JsonObject();
        foreach (var field in type.Fields)
        {
            made[field.Name] = Complete(field.Type, value[field.Name], [.. path, field.Name], errors, out var rose);
            rises |= rose;
        }

        return made;
    }

    [Fact]
    public async Task Data_and_errors_are_those_of_the_recursive_algorithm()
    {
        var nulls = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var types = new List<NamedType>();
            var inner = Node(random, Depth - 1, types);
            var root = new ObjectType("Query", () => [.. inner.Fields
                .Select(f => new FieldDefinition(f.Name, f.Type) { Resolver = c => new([((Dictionary<string, object?>)c.Parents[0]!)[f.Name]]) })]);
            var value = inner.Fields.ToDictionary(f => f.Name, f => Value(random, f.Type));
            var over = new ObjectType("Query", () => [new FieldDefinition("root", inner) { Resolver = _ => new([value]) }]);
            var executor = new RequestExecutor(
                new Schema(over, null, null, [over, .. types, .. Scalars.Specified], SpecifiedDirectives.Specified),
                new() { Limits = new() { SelectionDepth = 50 } });
            var result = (await executor.ExecuteAsync(
                new GraphQLRequest($"{{ root {Query(inner)} }}"),
                new RequestState(),
                new Run.Services(),
                CancellationToken.None)).ToJson();

            var errors = new List<string>();
            var expected = Complete(inner, value, ["root"], errors, out _);
            Assert.Equal(expected?.ToJsonString() ?? "null", result.GetProperty("data").GetProperty("root").GetRawText());
            nulls += expected is null ? 1 : 0;
            IEnumerable<string> actual = result.TryGetProperty("errors", out var list)
                ? list.EnumerateArray().Select(e => string.Join('.', e.GetProperty("path").EnumerateArray().Select(p => p.ToString()))) : [];
            Assert.Equal(errors.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
        }

        Assert.InRange(nulls, 20, 380);
    }

    private static async Task<string> RunAsync(params (string Name, GraphQLType Type, object? Value)[] fields)
    {
        var query = new ObjectType("Query", () => [.. fields.Select(f => new FieldDefinition(f.Name, f.Type) { Resolver = _ => new([f.Value]) })]);
        var executor = new RequestExecutor(new Schema(query, null, null, [query, .. Scalars.All], SpecifiedDirectives.Specified));
        return (await executor.ExecuteAsync(
            new GraphQLRequest($"{{ {string.Join(' ', fields.Select(f => f.Name))} }}"),
            new RequestState(),
            new Run.Services(),
            CancellationToken.None)).ToString();
    }

    [Fact]
    public async Task A_null_in_a_non_null_root_field_makes_the_data_null() =>
        Snapshot.Match(await RunAsync(("a", Scalars.Int, 1), ("b", new NonNullType(Scalars.Int), null)));

    [Fact]
    public async Task A_failure_in_the_place_of_one_item_costs_that_item()
    {
        Snapshot.Match(await RunAsync(("a", new ListType(Scalars.Int), new List<object?> { 1, new FieldFailure(new("no") { Code = "NO" }), 3 })));
    }

    [Theory]
    [InlineData("Int", 2147483648L)]
    [InlineData("Int", 1.5)]
    [InlineData("Float", double.NaN)]
    [InlineData("Boolean", "yes")]
    [InlineData("Int", new[] { 1 })]
    public async Task A_value_that_its_scalar_cannot_write_is_a_field_error(string scalar, object value)
    {
        using var json = JsonDocument.Parse(await RunAsync(("ok", Scalars.Int, 1), ("bad", Scalars.ByName(scalar)!, value)));
        Assert.Equal("""{"ok":1,"bad":null}""", json.RootElement.GetProperty("data").GetRawText());
        Assert.Equal("bad", json.RootElement.GetProperty("errors")[0].GetProperty("path")[0].GetString());
    }

    [Fact]
    public async Task Lists_may_be_arrays_sets_and_asynchronous_streams()
    {
        Assert.Equal("""{"data":{"a":[1,2],"b":["x"],"c":[1,2,3]}}""", await RunAsync(
            ("a", new ListType(Scalars.Int), new[] { 1, 2 }), ("b", new ListType(Scalars.String), new HashSet<string> {
                "x" }), ("c", new ListType(Scalars.Int), Count())));

        static async IAsyncEnumerable<int> Count()
        {
            for (var i = 1; i <= 3; i++)
            {
                await Task.Yield();
                yield return i;
            }
        }
    }

    [Fact]
    public async Task Text_is_written_as_valid_utf8_whatever_it_holds()
    {
        using var json = JsonDocument.Parse(await RunAsync(("a", Scalars.String, "纷享 \u0001 \"<é\u2028\ud83d\ude00"), ("b", Scalars.String, "\ud800")));
        Assert.Equal("纷享 \u0001 \"<é\u2028\ud83d\ude00", json.RootElement.GetProperty("data").GetProperty("a").GetString());
        Assert.Equal("\ufffd", json.RootElement.GetProperty("data").GetProperty("b").GetString());
    }
}
