using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Access;

/// <summary>Several roles as one number, in which the databases can look. None stands for all roles.</summary>
internal static class RoleSet
{
    public static int Of(params IEnumerable<Role> roles) => roles.Aggregate(0, (set, role) => set | (1 << (int)role));

    public static IReadOnlyList<Role> In(int set) => [.. Enum.GetValues<Role>().Where(role => (set & (1 << (int)role)) != 0)];
}
