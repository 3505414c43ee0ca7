-- Classes with inheritance, closures, tables as arrays and as maps, sorting, iterators, recursion, floats.
local count = ...

local Animal = {}
Animal.__index = Animal
function Animal.new(name, speed) return setmetatable({ name = name, speed = speed, place = 0 }, Animal) end
function Animal:move(time) self.place = self.place + self.speed * time return self.place end
function Animal:sound() return #self.name end

local Dog = setmetatable({}, { __index = Animal })
Dog.__index = Dog
Dog.__lt = function(a, b) return a.place < b.place end
function Dog.new(name, speed)
  local dog = setmetatable(Animal.new(name, speed), Dog)
  dog.tricks = {}
  return dog
end
function Dog:sound() return Animal.sound(self) + #self.tricks end
function Dog:learn(trick) self.tricks[#self.tricks + 1] = trick end

local state = 42
local function random(limit)
  state = (state * 1103515245 + 12345) & 0x7fffffff
  return (state >> 8) % limit
end

local function race()
  local animals = {}
  for i = 1, 300 do
    local animal = i % 2 == 0 and Dog.new("dog" .. i, 1 + random(9)) or Animal.new("animal" .. i, 1 + random(9))
    if animal.learn then animal:learn(function(x) return x + i end) end
    animals[i] = animal
  end
  local total = 0
  for step = 1, 30 do
    for _, animal in ipairs(animals) do total = total + animal:move(step % 3) + animal:sound() end
  end
  table.sort(animals, function(a, b) if a.place ~= b.place then return a.place < b.place end return a.name < b.name end)
  return total + animals[150].place
end

local function fibonacci(n) if n < 2 then return n end return fibonacci(n - 1) + fibonacci(n - 2) end

local function primes(limit)
  local composite, found = {}, 0
  for i = 2, limit do
    if not composite[i] then
      found = found + 1
      for j = i * i, limit, i do composite[j] = true end
    end
  end
  return found
end

local function energy()
  local bodies = {}
  for i = 1, 8 do bodies[i] = { x = i * 1.5, y = i * i * 0.25, vx = 0.0, vy = 0.0, mass = 1.0 / i } end
  for _ = 1, 60 do
    for i = 1, #bodies do
      local a = bodies[i]
      for j = i + 1, #bodies do
        local b = bodies[j]
        local dx, dy = a.x - b.x, a.y - b.y
        local pull = 0.001 / (dx * dx + dy * dy + 0.1)
        a.vx, a.vy = a.vx - dx * b.mass * pull, a.vy - dy * b.mass * pull
        b.vx, b.vy = b.vx + dx * a.mass * pull, b.vy + dy * a.mass * pull
      end
    end
    for _, body in ipairs(bodies) do body.x, body.y = body.x + body.vx, body.y + body.vy end
  end
  return math.floor(bodies[3].x * 1e9)
end

local function tree(depth)
  if depth == 0 then return {} end
  return { tree(depth - 1), tree(depth - 1) }
end
local function nodes(t) return t[1] and 1 + nodes(t[1]) + nodes(t[2]) or 1 end

-- An iterator that is a closure, by Heap's method.
local function permutations(n)
  local items, counters, i = {}, {}, 1
  for k = 1, n do items[k], counters[k] = k, 0 end
  return function()
    while i <= n do
      if counters[i] < i - 1 then
        local j = i % 2 == 1 and 1 or counters[i] + 1
        items[j], items[i] = items[i], items[j]
        counters[i] = counters[i] + 1
        i = 1
        return items
      end
      counters[i] = 0
      i = i + 1
    end
  end
end

local function orders(n)
  local sum = 0
  for items in permutations(n) do sum = (sum * 31 + items[1] * 10 + items[n]) & 0xffffffff end
  return sum
end

local sum = 0
for round = 1, count do
  for _, result in ipairs { race(), fibonacci(20), primes(20000), energy(), nodes(tree(11)), orders(6) } do
    sum = (sum * 31 + math.floor(result) + round) & 0xffffffffffff
  end
end
print(string.format("%012x", sum))
