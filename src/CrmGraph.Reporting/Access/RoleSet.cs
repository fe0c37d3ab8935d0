using System.Linq.Expressions;
using CrmGraph.Data.Model;

namespace CrmGraph.Reporting.Access;

/// <summary>Several roles as one number, in which the databases can look. None stands for all roles.</summary>
internal static class RoleSet
{
    public static int Of(params IEnumerable<Role> roles) => roles.Aggregate(0, (set, role) => set | (1 << (int)role));

    /// <summary>The reports that a role sees, or those that it does not see. The role stands in the SQL: a statement that is kept is kept for one role.</summary>
    public static Expression<Func<ReportDefinition, bool>> IsShownTo(Role role, bool shown = true)
    {
        var report = Expression.Parameter(typeof(ReportDefinition), "r");
        var (set, nobody) = (Expression.Property(report, nameof(ReportDefinition.VisibleTo)), Expression.Constant(0));
        var isNamed = Expression.NotEqual(Expression.And(set, Expression.Constant(Of(role))), nobody);
        var sees = Expression.OrElse(Expression.Equal(set, nobody), isNamed);
        return Expression.Lambda<Func<ReportDefinition, bool>>(shown ? sees : Expression.Not(sees), report);
    }

    public static IReadOnlyList<Role> In(int set) => [.. Enum.GetValues<Role>().Where(role => (set & (1 << (int)role)) != 0)];
}
