import Model
import Testing

@Suite("Whether a data directory is the one that it was")
struct DataFindingTests {
    private static let disk = FileSystemMark(uuid: "aa", number: "1", device: 1)
    private static let other = FileSystemMark(uuid: "bb", number: "2", device: 2)
    private static let root = FileSystemMark(uuid: "cc", number: "3", device: 3)

    private static func mark(
        _ fileSystem: FileSystemMark, inode: UInt64 = 2, made: Int64? = 7, held: Bool = true
    ) -> DataMark {
        DataMark(fileSystem: fileSystem, inode: inode, made: made, held: held)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var known: DataMark? = mark(disk)
        var found: DataMark? = mark(disk)
        var condition = DataCondition.filled
        var mayBeEmpty = false
        let change: DataChange?
    }

    private static let renumbered = FileSystemMark(uuid: "aa", number: "9", device: 9)

    static let cases = [
        Case(testDescription: "it is as it was", change: nil),
        Case(testDescription: "the disk has another number after a boot", found: mark(renumbered), change: nil),
        Case(
            testDescription: "its disk is not mounted: the mount point lies there",
            found: mark(root, inode: 900, held: false), condition: .empty, change: .replaced),
        Case(
            testDescription: "its disk is not mounted, and something was written to the mount point",
            found: mark(root, inode: 900), change: .replaced),
        Case(testDescription: "the disks of two data directories are swapped", found: mark(other), change: .replaced),
        Case(
            testDescription: "it was moved away and made anew",
            found: mark(disk, inode: 3, held: false), condition: .empty, change: .replaced),
        Case(
            testDescription: "it was removed and made anew, with the same inode",
            found: mark(disk, made: 8), change: .replaced),
        Case(testDescription: "it was copied to another host", found: mark(other, inode: 800), change: .replaced),
        Case(testDescription: "it was moved away", found: nil, condition: .missing, change: .missing),
        Case(
            testDescription: "one that never held anything was moved away", known: mark(disk, held: false), found: nil,
            condition: .missing, change: .missing),
        Case(
            testDescription: "it was emptied", found: mark(disk, held: false), condition: .empty, change: .emptied),
        Case(
            testDescription: "it was emptied, which the plan allows", found: mark(disk, held: false),
            condition: .empty, mayBeEmpty: true, change: nil),
        Case(
            testDescription: "the mount point of one that may be empty lies there",
            found: mark(root, inode: 900, held: false), condition: .empty, mayBeEmpty: true, change: .replaced),
        Case(
            testDescription: "all that is left is what a new file system holds", found: mark(disk, held: false),
            condition: .filled, change: .emptied),
        Case(
            testDescription: "it never held anything", known: mark(disk, held: false),
            found: mark(disk, held: false), condition: .empty, change: nil),
        Case(testDescription: "nothing is known of it", known: nil, change: nil),
        Case(
            testDescription: "nothing is known of it, and it is missing", known: nil, found: nil, condition: .missing,
            change: nil),
        Case(
            testDescription: "a file lies in its place, or a link that leads nowhere", found: nil, condition: .blocked,
            change: .blocked),
        Case(
            testDescription: "a link to another directory lies in its place", found: mark(disk, inode: 3),
            condition: .blocked, mayBeEmpty: true, change: .replaced),
        Case(testDescription: "a link leads to it from its place", condition: .blocked, change: .blocked),
        Case(
            testDescription: "nothing is known of it, and a link lies in its place", known: nil, condition: .blocked,
            change: .blocked),
        Case(
            testDescription: "its disk fails", found: nil, condition: .unreadable, mayBeEmpty: true,
            change: .unreadable),
        Case(
            testDescription: "a restore into it was cut off", found: mark(root, inode: 900), condition: .unfinished,
            change: nil),
        Case(
            testDescription: "the file system knows no time of making", found: mark(disk, made: nil), change: nil),
    ]

    @Test("S7: it is told from another one in its place", arguments: cases)
    func change(of testCase: Case) {
        let finding = DataFinding(
            condition: testCase.condition, found: testCase.found, known: testCase.known,
            mayBeEmpty: testCase.mayBeEmpty)
        #expect(finding.change == testCase.change)
    }

    @Test("a file system is known by the best that both looks could tell")
    func fileSystems() {
        let full = FileSystemMark(uuid: "aa", number: "1", device: 1)
        #expect(full.isSame(as: FileSystemMark(uuid: "aa", number: "5", device: 5)))
        #expect(!full.isSame(as: FileSystemMark(uuid: "bb", number: "1", device: 1)))
        // Before udev is up, or with an older kernel.
        #expect(full.isSame(as: FileSystemMark(number: "1", device: 5)))
        #expect(!full.isSame(as: FileSystemMark(number: "2", device: 1)))
        let share = FileSystemMark(source: "nfs4 nas:/data", device: 40)
        #expect(share.isSame(as: FileSystemMark(source: "nfs4 nas:/data", device: 44)))
        #expect(!share.isSame(as: FileSystemMark(source: "nfs4 nas:/other", device: 40)))
        #expect(FileSystemMark(device: 7).isSame(as: FileSystemMark(device: 7)))
        #expect(!FileSystemMark(device: 7).isSame(as: FileSystemMark(device: 8)))
    }
}
