using System.Globalization;
using System.Text;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.GraphQL.TestKit.Fuzzing;

/// <summary>An operation and the JSON of its variables.</summary>
public sealed record MadeOperation(string Query, string Variables)
{
    public override string ToString() => $"{Query}\n{Variables}";
}

/// <summary>Operations that fit a schema, with values at and beyond the limits of their types.</summary>
/// <param name="ids">Ids that exist.</param>
/// <param name="leftOut">Fields, by name or Type.name, that are never selected.</param>
public sealed class OperationMaker(Schema schema, IReadOnlyList<string> ids, IReadOnlySet<string> leftOut)
{
    private const int Depth = 4;
    private readonly IReadOnlyList<string> _ids = ids;
    private readonly IReadOnlySet<string> _leftOut = leftOut;
    private static readonly string[] Days = ["2024-02-29", "2026-01-01", "0001-01-01", "9999-12-31", "2026-03-16", "1970-01-01", "2023-02-30", "x"];
    private static readonly string[] Instants = ["2026-03-16T10:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z",
        "2026-01-01T00:00:00.1234567+05:30", "0001-01-01T00:00:00+14:00", "2026-13-01T00:00:00Z"];
    private static readonly string[] Integers = ["0", "1", "-1", "2", "3", "10", "50", "1000", "1001", "2147483647", "-2147483648", "2147483648"];
    private static readonly string[] Longs = [.. Integers, "9223372036854775807", "-9223372036854775808", "9223372036854775808"];
    private static readonly string[] Decimals = ["0", "1", "-1.5", "0.0001", "0.00001", "922337203685477.5807", "922337203685477.5808",
        "-922337203685477.5809", "79228162514264337593543950335", "1e28", "1e-28", "1e400"];

    public MadeOperation Make(Random random, bool mutation = false)
    {
        var root = mutation ? schema.MutationType! : schema.QueryType!;
        var run = new Making(this, schema, random);
        var selection = run.Selection(root, 0, mutation ? 1 : random.Next(1, 3));
        return run.Operation(mutation ? "mutation" : "query", selection);
    }

    private sealed class Making(OperationMaker maker, Schema schema, Random random)
    {
        private readonly List<string> _definitions = [];
        private readonly List<string> _values = [];
        private readonly List<string> _fragments = [];

        public MadeOperation Operation(string kind, string selection) => new(
            $"{kind}{(_definitions.Count == 0 ? "" : $"({string.Join(", ", _definitions)})")} {selection}{string.Concat(_fragments)}",
            $"{{{string.Join(",", _values)}}}");

        public string Selection(FieldsType type, int depth, int count)
        {
            var fields = type.Fields.Where(f => !maker._leftOut.Contains(f.Name) && !maker._leftOut.Contains($"{type.Name}.{f.Name}")
                && (depth < Depth || f.Type.Named is not CompositeType)).ToList();
            var text = new StringBuilder("{ __typename");
            for (var i = 0; i < count && fields.Count > 0; i++)
                text.Append(' ').Append(Wrapped(type, $"f{depth}{i}: {Field(Hostile.One(random, fields), depth)}"));
            if (type is InterfaceType && depth < Depth && random.Next(2) == 0 && Hostile.One(random, schema.PossibleTypes(type).ToList()) is var possible)
                text.Append(CultureInfo.InvariantCulture, $" ... on {possible.Name} {Selection(possible, depth + 1, random.Next(1, 3))}");
            return text.Append(" }").ToString();
        }

        /// <summary>Fragments and repetitions, which change nothing.</summary>
        private string Wrapped(FieldsType type, string field)
        {
            switch (random.Next(12))
            {
                case 0:
                    return $"... on {type.Name} {{ {field} }}";
                case 1:
                    _fragments.Add($" fragment F{_fragments.Count} on {type.Name} {{ {field} }}");
                    return $"...F{_fragments.Count - 1}";
                case 2:
                    return $"{field} ... {{ {field} }}";
                default:
                    return field;
            }
        }

        private string Field(FieldDefinition field, int depth)
        {
            var arguments = new List<string>();
            foreach (var argument in field.Arguments)
                if (argument.IsRequired || random.Next(3) == 0)
                    arguments.Add($"{argument.Name}: {Argument(argument.Type)}");
            var inner = field.Type.Named is FieldsType fields
                ? " " + Selection(fields, depth + 1, random.Next(1, 4))
                : field.Type.Named is CompositeType ? " { __typename }" : "";
            return field.Name + (arguments.Count == 0 ? "" : $"({string.Join(", ", arguments)})") + inner;
        }

        private string Argument(GraphQLType type)
        {
            if (random.Next(2) == 0)
                return Value(type, 0, variables: true).Literal;
            return Variable(type, 0);
        }

        private string Variable(GraphQLType type, int depth)
        {
            var (literal, json) = Value(type, depth);
            var name = $"v{_definitions.Count}";
            var isDefault = random.Next(4) == 0 && literal != "null";
            _definitions.Add($"${name}: {type}{(isDefault ? " = " + literal : "")}");
            if (!isDefault || random.Next(4) == 0)
                _values.Add($"\"{name}\":{json}");
            return $"${name}";
        }

        /// <summary>A value as a literal and as JSON.</summary>
        /// <param name="variables">Whether parts of the literal may be variables; the JSON is of no use then.</param>
        private (string Literal, string Json) Value(GraphQLType type, int depth, bool variables = false)
        {
            if (variables && depth > 0 && random.Next(8) == 0)
                return (Variable(type, depth), "");
            if (type is NonNullType required)
                return Value(required.OfType, depth, variables);
            if (random.Next(25) == 0)
                return ("null", "null");
            switch (type)
            {
                case ListType list:
                    var items = Enumerable.Range(0, depth > 5 ? 0 : random.Next(4)).Select(_ => Value(list.OfType, depth + 1, variables)).ToList();
                    return ($"[{string.Join(", ", items.Select(i => i.Literal))}]", $"[{string.Join(",", items.Select(i => i.Json))}]");
                case InputObjectType input:
                    return Object(input, depth, variables);
                case EnumType one:
                    var value = Hostile.One(random, one.Values).Name;
                    return (value, $"\"{value}\"");
                default:
                    return Scalar(type.Named.Name);
            }
        }

        private (string, string) Object(InputObjectType type, int depth, bool variables)
        {
            var optional = type.Fields.Where(f => !f.IsRequired && (depth < 5 || f.Type.Named is not InputObjectType)).ToList();
            var chosen = type.IsOneOf
                ? [Hostile.One(random, type.Fields)]
                : type.Fields.Where(f => f.IsRequired)
                    .Concat(Enumerable.Range(0, optional.Count == 0 ? 0 : random.Next(1, 4)).Select(_ => Hostile.One(random, optional)))
                    .Distinct()
                    .ToList();
            var fields = chosen.Select(f => (f.Name, Value: Value(f.Type, depth + 1, variables))).ToList();
            return ($"{{{string.Join(", ", fields.Select(f => $"{f.Name}: {f.Value.Literal}"))}}}",
                $"{{{string.Join(",", fields.Select(f => $"\"{f.Name}\":{f.Value.Json}"))}}}");
        }

        private (string, string) Scalar(string name)
        {
            var number = name switch
            {
                "Int" or "Short" => Hostile.One(random, Integers),
                "Long" => Hostile.One(random, Longs),
                "Decimal" or "Float" => Hostile.One(random, Decimals),
                "Boolean" => random.Next(2) == 0 ? "true" : "false",
                _ => null
            };
            if (number is not null)
                return (number, number);
            var text = name switch
            {
                "ID" => random.Next(4) == 0
                    ? Hostile.Text(random)
                    : random.Next(5) == 0 ? Hostile.Change(Hostile.One(random, maker._ids), random, ["=", "A", "/"]) : Hostile.One(random, maker._ids),
                "LocalDate" => Hostile.One(random, Days),
                "DateTime" => Hostile.One(random, Instants),
                _ => random.Next(2) == 0 ? Hostile.Text(random) : Hostile.One(random, ["CNY", "EUR", "China", "a", "shop", "x-1"]),
            };
            var json = Json(text);
            return (json, json);
        }

        private static string Json(string text)
        {
            var json = new StringBuilder("\"");
            foreach (var c in text)
                json.Append(c is >= ' ' and < (char)127 and not ('"' or '\\') ? c.ToString() : $"\\u{(int)c:x4}");
            return json.Append('"').ToString();
        }
    }
}
