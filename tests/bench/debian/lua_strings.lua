-- Patterns, substitutions, formats, concatenation, bytes, words counted in a map, UTF-8.
local count = ...

local state = 7
local function random(limit)
  state = (state * 1103515245 + 12345) & 0x7fffffff
  return (state >> 8) % limit
end

local words = { "alpha", "beta", "gamma=12", "delta", "epsilon", "key: value", "3.1415", "<tag>", "ζήτα", "0x1f", "end." }
local function write_text(lines)
  local text = {}
  for i = 1, lines do
    local line = {}
    for j = 1, 8 do line[j] = words[random(#words) + 1] end
    text[i] = table.concat(line, " ")
  end
  return table.concat(text, "\n")
end

local function hash(text)
  local h = 5381
  for i = 1, #text do h = (h * 33 ~ text:byte(i)) & 0xffffffff end
  return h
end

local function count_words(text)
  local seen, order = {}, {}
  for word in text:gmatch("%S+") do
    if not seen[word] then
      seen[word] = 0
      order[#order + 1] = word
    end
    seen[word] = seen[word] + 1
  end
  table.sort(order, function(a, b) return seen[a] == seen[b] and a < b or seen[a] > seen[b] end)
  local lines = {}
  for i, word in ipairs(order) do lines[i] = string.format("%-10s %6d %5.2f%%", word, seen[word], 100 * seen[word] / #text) end
  return table.concat(lines, "\n")
end

local function rewrite(text)
  text = text:gsub("(%w+)=(%d+)", "%2=%1")
  text = text:gsub("<(%a+)>", function(tag) return "[" .. tag:upper():rep(2) .. "]" end)
  text = text:gsub("%d+%.%d+", function(number) return ("%.3e"):format(tonumber(number) * 1.5) end)
  return (text:gsub("%s*:%s*", "->"))
end

local function characters(text)
  local sum = 0
  for _, code in utf8.codes(text) do sum = (sum * 7 + code) & 0xffffff end
  return sum
end

local function join(pieces)
  local text = ""
  for i = 1, pieces do text = text .. i .. (i % 10 == 0 and "\n" or ",") end
  return text:reverse():sub(10, -10):lower()
end

local sum = 0
for round = 1, count do
  local text = write_text(250)
  local results = { count_words(text), rewrite(text), join(400), tostring(characters(text)) }
  local first = text:find("epsilon 3.1415 <tag>", 1, true) or text:find("e[pn]%a-%s+%d") or 0
  for _, result in ipairs(results) do sum = (sum * 31 + hash(result) + first) & 0xffffffffffff end
end
print(string.format("%012x", sum))
