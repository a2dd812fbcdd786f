namespace ProxyCore.Cli.Shared;

/// <summary>The scripts that Redis runs, each as one step that no other comes between.</summary>
/// <remarks>
/// Three keys: <c>records</c> is a hash from the key of a record to "version node end value", <c>changes</c> sorts these keys by
/// the number of their last change, and <c>mark</c> has that number, and a random text that an emptied Redis gets anew. Ends are
/// times of Redis's own clock, in milliseconds, and leave it as the time that is left: no other machine's clock is compared with it.
/// </remarks>
internal static class RedisScripts
{
    /// <summary>Writes records that are newer than what is there, and tells of it. ARGV: a new mark, the channel, five for each record.</summary>
    internal const string Write =
        """
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
        local written = 0
        for i = 3, #ARGV, 5 do
          local known = redis.call('HGET', KEYS[1], ARGV[i])
          local version, node = string.match(known or '', '^(%d+) (%d+) ')
          version, node = tonumber(version or '-1'), tonumber(node or '-1')
          local newVersion, newNode = tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
          if newVersion > version or (newVersion == version and newNode > node) then
            local ends = ARGV[i + 3]
            if ends ~= '-' then ends = string.format('%.0f', now + tonumber(ends)) end
            redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1] .. ' ' .. ARGV[i + 2] .. ' ' .. ends .. ' ' .. ARGV[i + 4])
            redis.call('ZADD', KEYS[2], redis.call('HINCRBY', KEYS[3], 'number', 1), ARGV[i])
            written = written + 1
          end
        end
        if written > 0 then
          redis.call('HSETNX', KEYS[3], 'epoch', ARGV[1])
          redis.call('PUBLISH', ARGV[2], written)
        end
        return written
        """;

    /// <summary>
    /// Reads what has changed since a mark, or all. ARGV: the text and the number of the mark, the most records. What has ended a
    /// while ago is removed, unless the server is a replica that takes no writes.
    /// </summary>
    internal const string Read =
        """
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
        local epoch = redis.call('HGET', KEYS[3], 'epoch') or ''
        local number = redis.call('HGET', KEYS[3], 'number') or '0'
        local whole = ARGV[1] == '' or ARGV[1] ~= epoch or tonumber(ARGV[2]) > tonumber(number)
        local fields, values = {}, {}
        if whole then
          if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[3]) then return redis.error_reply('TOOMANY more records than are read') end
          local all = redis.call('HGETALL', KEYS[1])
          for i = 1, #all, 2 do fields[#fields + 1] = all[i]; values[#values + 1] = all[i + 1] end
        else
          fields = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[2], '+inf')
          for i = 1, #fields do values[i] = redis.call('HGET', KEYS[1], fields[i]) end
        end
        local answer = { whole and '1' or '0', epoch .. ':' .. number }
        for i = 1, #fields do
          local version, node, ends, value = string.match(values[i] or '', '^(%d+) (%d+) (%S+) (.*)$')
          if version and ends ~= '-' and tonumber(ends) <= now then
            if tonumber(ends) + 60000 < now then
              redis.pcall('HDEL', KEYS[1], fields[i])
              redis.pcall('ZREM', KEYS[2], fields[i])
            end
          elseif version then
            if ends ~= '-' then ends = string.format('%.0f', tonumber(ends) - now) end
            for _, part in ipairs({ fields[i], version, node, ends, value }) do answer[#answer + 1] = part end
          end
        end
        return answer
        """;
}
