using CrmGraph.GraphQL;
using CrmGraph.Reporting.Access;

namespace CrmGraph.Server;

/// <summary>What callers of one role may spend and see. What <c>Roles:ROLE</c> does not say is as in <c>GraphQL</c>, for all roles alike.</summary>
/// <param name="FieldCost">Of one operation.</param>
/// <param name="TypeCost">Of one operation.</param>
/// <param name="CallerCost">Of all operations of one caller at once; 0 for no limit.</param>
/// <param name="CallerCostPerSecond">What a caller gets back.</param>
/// <param name="Introspection">Whether the schema is shown: by introspection, by its text, and by suggestions in errors. In Development it always is.</param>
public sealed record RoleLimits(int FieldCost, int TypeCost, int CallerCost, int CallerCostPerSecond, bool Introspection)
{
    private static readonly string[] Names = [nameof(FieldCost), nameof(TypeCost), nameof(CallerCost), nameof(CallerCostPerSecond), nameof(Introspection)];

    /// <exception cref="OptionsException">An unknown role or limit, or a number that cannot be.</exception>
    public static IReadOnlyDictionary<Role, RoleLimits> From(IConfigurationSection section, GraphQLLimits all)
    {
        foreach (var role in section.GetChildren())
            if (!Enum.GetNames<Role>().Contains(role.Key, StringComparer.OrdinalIgnoreCase))
                throw new OptionsException($"Roles:{role.Key} is no role. Roles are {string.Join(", ", Enum.GetNames<Role>())}.");
        return Enum.GetValues<Role>().ToDictionary(role => role, role => Of(section.GetSection(role.ToString()), all));
    }

    private static RoleLimits Of(IConfigurationSection given, GraphQLLimits all)
    {
        foreach (var entry in given.GetChildren())
            if (!Names.Contains(entry.Key, StringComparer.OrdinalIgnoreCase))
                throw new OptionsException($"{entry.Path} is no limit of a role. They are {string.Join(", ", Names)}.");
        return new(
            Number(given, nameof(FieldCost), all.FieldCost, 1),
            Number(given, nameof(TypeCost), all.TypeCost, 1),
            Number(given, nameof(CallerCost), all.CallerCost, 0),
            Number(given, nameof(CallerCostPerSecond), all.CallerCostPerSecond, 1),
            given[nameof(Introspection)] is not { } text ? true : bool.TryParse(text, out var shown) ? shown : throw new OptionsException($"{given.Path}:Introspection is true or false."));
    }

    private static int Number(IConfigurationSection section, string name, int fallback, int least)
    {
        var value = section[name] is not { } text ? fallback : int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : -1;
        return value >= least ? value : throw new OptionsException($"{section.Path}:{name} (or GraphQL:{name}) must be a whole number of at least {least}.");
    }
}
