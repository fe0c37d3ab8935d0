using System.Globalization;
using System.Text;
using CrmGraph.GraphQL.Types;

namespace CrmGraph.Tools.Schemas;

/// <summary>
/// How the normalised caches of front-end libraries keep the objects of a schema, as TypeScript. Two rules make all of it: an object with
/// <c>id: ID!</c> is kept by it, every other object is a part of what it stands in; and a field that returns a connection is one list for all of its pages.
/// </summary>
public static class ClientCaches
{
    private static readonly HashSet<string> PageArguments = new(["first", "after", "last", "before"], StringComparer.Ordinal);

    /// <summary>The libraries by the name of their argument.</summary>
    public static readonly IReadOnlyDictionary<string, Func<Schema, string>> Clients = new Dictionary<string, Func<Schema, string>>(StringComparer.Ordinal)
    {
        ["apollo"] = Apollo,
        ["urql"] = Urql,
        ["relay"] = Relay,
    };

    private static string Apollo(Schema schema) => $$"""
        // The cache policies of Apollo Client, made by `crmgraph schema cache apollo`.
        import type { FieldPolicy, TypePolicies, TypePolicy } from '@apollo/client';
        import { relayStylePagination } from '@apollo/client/utilities';

        /** All pages of a connection are one list for each filter and order. */
        const list = (...keyArgs: string[]) => relayStylePagination(keyArgs);
        /** An object that another field has read is not read again. */
        const byId = (__typename: string): FieldPolicy => ({
          read: (known, { args, toReference }) => (known === undefined ? toReference({ __typename, id: args?.id }) : known),
        });
        /** A part of another object: what several queries ask of it is put together. */
        const part: TypePolicy = { keyFields: false, merge: true };

        export const typePolicies: TypePolicies = {
        {{Fields(schema, static f => $"list({string.Join(", ", ListArguments(f).Select(static a => $"'{a}'"))})", "fields: { ", " }")}}
        {{Lines(Parts(schema).Except(Pages(schema)).Select(static p => $"{p.Name}: part,"))}}
        };

        export const possibleTypes: Record<string, string[]> = {
        {{PossibleTypes(schema)}}
        };

        """;

    private static string Urql(Schema schema) => $$"""
        // The configuration of urql's Graphcache, made by `crmgraph schema cache urql`.
        import type { Cache, KeyGenerator, KeyingConfig, Resolver, ResolverConfig } from '@urql/exchange-graphcache';
        import { relayPagination } from '@urql/exchange-graphcache/extras';

        /** A part of another object. */
        const part: KeyGenerator = () => null;
        /** All pages of a connection are one list. */
        const list = (): Resolver => relayPagination();
        /** An object that another field has read is not read again. */
        const byId = (__typename: string): Resolver => (_parent, args, cache: Cache, info) =>
          cache.resolve(info.parentKey, info.fieldName, args) === null ? null : { __typename, id: String(args.id) };

        export const keys: KeyingConfig = {
        {{Lines(Parts(schema).Select(static p => $"{p.Name}: part,"))}}
        };

        export const resolvers: ResolverConfig = {
        {{Fields(schema, static _ => "list()", "", "")}}
        };

        export const possibleTypes: Record<string, string[]> = {
        {{PossibleTypes(schema)}}
        };

        """;

    private static string Relay(Schema schema) => $$"""
        // By what Relay's store keeps objects, made by `crmgraph schema cache relay`: new Environment({ getDataID, ... }).
        const entities = new Set([
        {{Lines(schema.Types.OfType<ObjectType>().Where(static t => IsEntity(t)).Select(static t => $"'{t.Name}',"))}}
        ]);

        /** Payloads of deletions and outcomes of rows name the id of another object: they are none themselves. */
        export const getDataID = (object: { [field: string]: unknown }, typeName: string): unknown => (entities.has(typeName) ? object.id : null);

        """;

    private static bool IsEntity(ObjectType type) => type.Field("id")?.Type.ToString() == "ID!";

    /// <summary>Objects without an id of their own. The root types are kept by the libraries themselves.</summary>
    private static IEnumerable<ObjectType> Parts(Schema schema) =>
        schema.Types.OfType<ObjectType>().Where(t => !IsEntity(t) && t != schema.QueryType && t != schema.MutationType && t != schema.SubscriptionType);

    /// <summary>Connections, their edges and page infos, which the libraries' functions for pages look after.</summary>
    private static HashSet<ObjectType> Pages(Schema schema)
    {
        var connections = schema.Types.OfType<ObjectType>().Where(static t => t.Field("pageInfo") is not null).ToList();
        var parts = connections.SelectMany(static c => new[] { c.Field("edges"), c.Field("pageInfo") });
        return [.. connections, .. parts.Select(static f => f?.Type.Named).OfType<ObjectType>()];
    }

    private static string Fields(Schema schema, Func<FieldDefinition, string> list, string open, string close)
    {
        var types = new List<string>();
        foreach (var type in schema.Types.OfType<ObjectType>().Where(t => t != schema.MutationType))
        {
            var policies = type.Fields.Select(f => Policy(schema, type, f, list)).OfType<string>().ToList();
            if (policies.Count > 0)
                types.Add(string.Create(CultureInfo.InvariantCulture, $"{type.Name}: {{ {open}{string.Join(", ", policies)}{close} }},"));
        }

        return Lines(types);
    }

    private static string? Policy(Schema schema, ObjectType type, FieldDefinition field, Func<FieldDefinition, string> list)
    {
        if (field.Type.Named is not ObjectType named || field.Type.Nullable is ListType)
            return null;
        if (named.Field("pageInfo") is not null && field.Arguments.Any(static a => PageArguments.Contains(a.Name)))
            return $"{field.Name}: {list(field)}";
        return type == schema.QueryType && IsEntity(named) && field.Arguments is [{ Name: "id" }] ? $"{field.Name}: byId('{named.Name}')" : null;
    }

    private static IEnumerable<string> ListArguments(FieldDefinition field) =>
        field.Arguments.Select(static a => a.Name).Where(static a => !PageArguments.Contains(a));

    private static string PossibleTypes(Schema schema) => Lines(
        from type in schema.Types.OfType<CompositeType>()
        where type is InterfaceType or UnionType
        select $"{type.Name}: [{string.Join(", ", schema.PossibleTypes(type).Select(static t => $"'{t.Name}'").Order(StringComparer.Ordinal))}],");

    private static string Lines(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
            text.Append("  ").Append(line).Append('\n');
        return text.ToString().TrimEnd('\n');
    }
}
