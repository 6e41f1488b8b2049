namespace Sidecar.Upstream.Pools;

/// <summary>A list whose links stand in the connections. Most recently added first. Thread: the worker.</summary>
internal struct ConnectionList
{
    public PooledConnection? First { get; private set; }

    public int Count { get; private set; }

    public void AddFirst(PooledConnection connection)
    {
        connection.Previous = null;
        connection.Next = First;
        if (First is not null)
        {
            First.Previous = connection;
        }

        First = connection;
        Count++;
    }

    public void Remove(PooledConnection connection)
    {
        if (connection.Previous is null)
        {
            First = connection.Next;
        }
        else
        {
            connection.Previous.Next = connection.Next;
        }

        if (connection.Next is not null)
        {
            connection.Next.Previous = connection.Previous;
        }

        connection.Next = null;
        connection.Previous = null;
        Count--;
    }
}
