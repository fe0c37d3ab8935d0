using CrmGraph.Data.Statements;
using CrmGraph.Reporting.Access;

namespace CrmGraph.Reporting.Querying;

/// <summary>What of a caller decides SQL. A row rule may branch on these alone: whatever else it reads of him is not bound, and its statement not kept.</summary>
internal static class CallerShape
{
    public static ExpressionShape Caller(this ExpressionShape shape, Caller caller)
    {
        shape.Word((int)caller.Role);
        shape.Value(caller, Access.Caller.OwnersProperty, caller.Owners, typeof(IReadOnlyList<Guid>));
        shape.Value(caller, Access.Caller.TeamMemberProperty, caller.TeamMemberId, typeof(Guid?));
        return shape;
    }
}
