using CrmGraph.Data.Model;
using CrmGraph.GraphQL;

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
        Settings.RefuseOthers(section, Enum.GetNames<Role>());
        return Enum.GetValues<Role>().ToDictionary(role => role, role => Of(section.GetSection(role.ToString()), all));
    }

    private static RoleLimits Of(IConfigurationSection given, GraphQLLimits all)
    {
        Settings.RefuseOthers(given, Names);
        return new(
            Settings.Number(given, nameof(FieldCost), all.FieldCost),
            Settings.Number(given, nameof(TypeCost), all.TypeCost),
            Settings.Number(given, nameof(CallerCost), all.CallerCost, 0),
            Settings.Number(given, nameof(CallerCostPerSecond), all.CallerCostPerSecond),
            Settings.Switch(given, nameof(Introspection), true));
    }
}
