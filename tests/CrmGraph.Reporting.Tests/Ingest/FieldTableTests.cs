using CrmGraph.GraphQL.Annotations;
using CrmGraph.Reporting.Ingest.Fields;
using Xunit;

namespace CrmGraph.Reporting.Tests.Ingest;

public sealed class FieldTableTests
{
    /// <summary>A member without a line would be taken and forgotten.</summary>
    [Fact]
    public void Every_member_that_may_be_left_out_has_its_line()
    {
        var members = from property in typeof(RecordFields).GetProperties()
                      let record = property.PropertyType.GetGenericArguments()[0]
                      let fields = (IEnumerable<Field>)property.PropertyType.GetProperty("Fields")!.GetValue(property.GetValue(null))!
                      let lines = fields.Select(field => field.Member.Name)
                      from member in record.GetProperties()
                      where member.PropertyType.IsGenericType && member.PropertyType.GetGenericTypeDefinition() == typeof(Optional<>)
                      select (Name: $"{record.Name}.{member.Name}", HasLine: lines.Contains(member.Name));

        Assert.True(members.Count() > 60);
        Assert.DoesNotContain(members, m => !m.HasLine);
    }
}
