using CrmGraph.GraphQL.Admission;
using Xunit;

namespace CrmGraph.GraphQL.Tests.Admission;

/// <summary>Who gets a place, and when. Places are given back by hand, so that no test depends on time.</summary>
public sealed class FairPlacesTests
{
    private readonly List<string> _came = [];

    [Fact]
    public void A_caller_has_so_many_places_and_leaves_the_others_to_others()
    {
        var places = new FairPlaces(3, 2);

        Assert.True(places.TryEnter("a") && places.TryEnter("a"));
        Assert.False(places.TryEnter("a"));
        Assert.True(places.TryEnter("b"));
        Assert.False(places.TryEnter("c"));
    }

    [Fact]
    public async Task Callers_have_their_turns_one_after_the_other_however_many_requests_one_sent()
    {
        var places = new FairPlaces(1, 1);
        places.TryEnter("z");
        var waiting = new[] { "a1", "a2", "a3", "b1", "b2", "c1" }.Select(name => WaitAsync(places, name)).ToList();

        await WorkOffAsync(places, "z", waiting.Count);

        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "a3"], _came);
    }

    [Fact]
    public async Task Whoever_waits_for_his_own_requests_holds_nobody_else_up()
    {
        var places = new FairPlaces(2, 1);
        Assert.True(places.TryEnter("a"));
        var second = WaitAsync(places, "a2");

        Assert.True(places.TryEnter("b"));
        places.Leave("b");
        Assert.False(second.IsCompleted);
        places.Leave("a");

        await second;
    }

    [Fact]
    public void Those_who_wait_are_limited_for_all_and_for_each()
    {
        var places = new FairPlaces(1, 1);
        places.TryEnter("z");

        Assert.Equal(LineRefusal.None, Stand("a"));
        Assert.Equal(LineRefusal.None, Stand("a"));
        Assert.Equal(LineRefusal.FullForCaller, Stand("a"));
        Assert.Equal(LineRefusal.None, Stand("b"));
        Assert.Equal(LineRefusal.Full, Stand("c"));

        LineRefusal Stand(string caller) => places.Stand(caller, 3, 2, CancellationToken.None).Refusal;
    }

    [Fact]
    public async Task Whoever_is_gone_loses_his_turn_to_the_next()
    {
        var places = new FairPlaces(1, 1);
        places.TryEnter("z");
        using var gone = new CancellationTokenSource();
        var left = places.Stand("a", 10, 10, gone.Token).Turn!;
        var stays = WaitAsync(places, "b1");

        await gone.CancelAsync();
        places.Leave("z");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await stays;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_limit_is_passed_and_no_place_is_free_while_somebody_waits_who_could_have_it(int seed)
    {
        var random = new Random(seed);
        var (all, own) = (random.Next(1, 6), random.Next(1, 4));
        var places = new FairPlaces(all, own);
        var running = new Dictionary<string, int>();
        var waiting = new List<(string Caller, Task Turn, CancellationTokenSource Gone)>();
        for (var step = 0; step < 20_000; step++)
        {
            var caller = "abcdefg"[random.Next(7)].ToString();
            if (random.Next(3) == 0 && running.GetValueOrDefault(caller) > 0)
            {
                running[caller]--;
                places.Leave(caller);
            }
            else if (random.Next(10) == 0 && waiting.Count > 0)
                waiting[random.Next(waiting.Count)].Gone.Cancel();
            else if (places.TryEnter(caller))
                running[caller] = running.GetValueOrDefault(caller) + 1;
            else if (new CancellationTokenSource() is var gone && places.Stand(caller, 50, 20, gone.Token).Turn is { } turn)
                waiting.Add((caller, turn, gone));
            Settle();
            Assert.InRange(running.Values.Sum(), 0, all);
            Assert.All(running.Values, n => Assert.InRange(n, 0, own));
            Assert.True(running.Values.Sum() == all || waiting.All(w => running.GetValueOrDefault(w.Caller) == own));
        }

        void Settle()
        {
            foreach (var (caller, turn, _) in waiting.Where(w => w.Turn.IsCompletedSuccessfully))
                running[caller] = running.GetValueOrDefault(caller) + 1;
            waiting.RemoveAll(w => w.Turn.IsCompleted);
        }
    }

    private async Task WaitAsync(FairPlaces places, string name)
    {
        await places.Stand(name[..1], 100, 100, CancellationToken.None).Turn!;
        lock (_came)
            _came.Add(name);
    }

    private async Task WorkOffAsync(FairPlaces places, string first, int count)
    {
        var last = first;
        for (var i = 0; i < count; i++)
        {
            places.Leave(last);
            while (CameSoFar() == i)
                await Task.Yield();
            last = _came[i][..1];
        }
    }

    private int CameSoFar()
    {
        lock (_came)
            return _came.Count;
    }
}
