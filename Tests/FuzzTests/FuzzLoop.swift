import Foundation

/// Gives one target input after input; a fault, or what ends the process, leaves the input in `file`.
struct FuzzLoop {
    let target: FuzzTarget
    let seed: UInt64
    /// Where the input stands while it is read.
    let file: String
    /// 0: as many inputs as the target says.
    let seconds: Int

    /// Inputs that were accepted, and are damaged further: they lead deeper than their forerunners.
    private static let pool = 200

    func run() throws {
        let corpus = try FuzzCorpus.inputs(of: target)
        try FuzzLimits.limitMemory()
        for input in corpus + FuzzCorpus.crowded(corpus) { _ = try tried(input) }
        var dice = FuzzDice(seed: seed)
        let mutator = FuzzMutator(words: target.words)
        var pool = corpus
        let end = ContinuousClock.now + .seconds(seconds)
        var count = 0
        while seconds > 0 ? ContinuousClock.now < end : count < target.inputs {
            count += 1
            let input = mutator.mutated(pool[dice.below(pool.count)], pool: pool, &dice)
            guard try tried(input) else { continue }
            if pool.count < Self.pool { pool.append(input) } else { pool[dice.below(pool.count)] = input }
        }
        try FileManager.default.removeItem(atPath: file)
    }

    private func tried(_ input: [UInt8]) throws -> Bool {
        try Data(input).write(to: URL(filePath: file))
        return try FuzzLimits.timed { try target.read(input) }
    }
}
