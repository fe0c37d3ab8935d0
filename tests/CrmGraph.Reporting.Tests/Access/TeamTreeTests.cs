using CrmGraph.Reporting.Access;
using Xunit;

namespace CrmGraph.Reporting.Tests.Access;

public sealed class TeamTreeTests
{
    private static readonly Guid North = new("00000000-0000-0000-0000-0000000000aa");
    private static readonly Guid South = new("00000000-0000-0000-0000-0000000000bb");

    // 1 leads 2 and 3; 2 leads 4 (in the south team); 5 shares the team of 1 without reporting to anybody; 6 is elsewhere; 7 has left and reported to 3.
    private static readonly TeamPlace[] Team =
    [
        Place(1, null, North), Place(2, 1, null), Place(3, 1, South), Place(4, 2, South), Place(5, null, North), Place(6, null, South), Place(
            7,
            3,
            null,
            active: false),
    ];

    [Theory]
    [InlineData(1, new[] { 1, 2, 3, 4, 5, 7 })]
    [InlineData(2, new[] { 2, 4 })]
    [InlineData(3, new[] { 3, 4, 6, 7 })]
    [InlineData(5, new[] { 1, 5 })]
    [InlineData(6, new[] { 3, 4, 6 })]
    public void A_manager_sees_himself_those_below_him_and_his_team(int manager, int[] owners) =>
        Assert.Equal(owners.Select(Id).Order(), TeamTree.OwnersOfManager(Id(manager), Team));

    [Fact]
    public void A_loop_of_managers_ends()
    {
        TeamPlace[] loop = [Place(1, 3, null), Place(2, 1, null), Place(3, 2, null)];
        Assert.Equal(new[] { 1, 2, 3 }.Select(Id), TeamTree.OwnersOfManager(Id(2), loop));
    }

    private static TeamPlace Place(int id, int? manager, Guid? team, bool active = true)
        => new(Id(id), manager is null ? null : Id(manager.Value), team, active);

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);
}
