// The questions. The first three answers of the first one are the post's "simple decision tree".
#include "core/decision/decision_tree_data.h"

namespace gil {

namespace {

/// The way of work that waits.
std::vector<Question> questions_of_waiting() {
    return {
        {"waits",
         "How many waits are open at the same time?",
         {{"few", "Up to a few hundred", "wait-style"}, {"thousands", "Thousands", "async-library"}}},
        {"wait-style",
         "How does the program wait?",
         {{"blocking", "In many short calls of libraries that block: requests, a database driver, files",
           "thread-pool"},
          {"fixed", "In a handful of fixed jobs that block and run as long as the program does", "threads"},
          {"async", "With async and await, or it could", "asyncio"}}},
        {"async-library",
         "Is there an asyncio library for what it waits for?",
         {{"yes", "Yes, for example aiohttp, httpx or asyncpg", "asyncio"},
          {"no", "No, what there is blocks", "large-thread-pool"}}},
    };
}

/// The way of work that both waits and calculates.
std::vector<Question> questions_of_both() {
    return {
        {"mix",
         "How much does it calculate?",
         {{"little", "A little after each wait, like taking a page apart", "waits-with-a-little-work"},
          {"much", "About as long as it waits, or longer", "mix-style"},
          {"reply", "Something else calculates, and answers must still come quickly", "calculate-elsewhere"}}},
        {"mix-style",
         "How does it wait?",
         {{"blocking", "With libraries that block", "hybrid-threads"},
          {"async", "With async and await, or it could", "hybrid-asyncio"}}},
    };
}

/// The way of heavy calculation.
std::vector<Question> questions_of_computing() {
    return {
        {"where",
         "Where does the processor spend its time?",
         {{"python", "In Python code", "task-size"},
          {"releases", "In native code that lets go of the GIL: numpy on large arrays, Pillow, hashlib, zlib",
           "native-threads"},
          {"keeps", "In native code that keeps the GIL, or nobody knows", "task-size"}}},
        {"task-size",
         "How long does one task take?",
         {{"long", "Some milliseconds or more", "outgrown"}, {"tiny", "A millisecond or less", "bundle"}}},
        {"bundle",
         "Are there so many tasks that together they take seconds?",
         {{"yes", "Yes, and many can be handed over at once", "chunks"}, {"no", "No", "plain-loop"}}},
        {"outgrown",
         "Are the cores of one machine enough?",
         {{"yes", "Yes", "exchange"}, {"no", "No, all of them are busy and it is still too slow", "job-queue"}}},
        {"exchange",
         "What passes between the workers?",
         {{"little", "Small arguments and results", "interpreter"},
          {"large", "Megabytes per task: arrays, pictures, tables", "shared-memory"},
          {"counter", "A counter or total that all of them add to", "collect-results"}}},
        {"interpreter",
         "Which Python runs it?",
         {{"standard", "The usual one, with a GIL", "process-pool"},
          {"free-threaded", "A free-threaded build (python3.14t), and every extension in use supports it",
           "free-threads"},
          {"subinterpreters", "3.14 or later, and every extension in use can be loaded in a subinterpreter",
           "subinterpreters"}}},
    };
}

} // namespace

std::vector<Question> decision_questions() {
    std::vector<Question> questions = {
        {"work",
         "What does the program do with its time?",
         {{"waiting", "It waits for a network, a disk, a database or another service", "waits"},
          {"computing", "It does heavy calculation or data processing", "where"},
          {"simple", "Simple sequential work, done in a moment", "plain-code"},
          {"both", "It waits, and it calculates as well", "mix"},
          {"crashes", "It runs code that may crash, and the rest must go on", "own-process"}}},
    };
    for (auto branch : {questions_of_waiting, questions_of_computing, questions_of_both}) {
        for (Question& question : branch()) questions.push_back(std::move(question));
    }
    return questions;
}

} // namespace gil
