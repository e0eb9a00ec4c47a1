/* Included before every source of SDL2 in the web build: the window, its input and OpenGL ES are all that is used. */
#include "SDL_config.h"

#define SDL_AUDIO_DISABLED 1
#define SDL_JOYSTICK_DISABLED 1
#define SDL_SENSOR_DISABLED 1
#define SDL_RENDER_DISABLED 1
#define SDL_POWER_DISABLED 1
#define SDL_FILESYSTEM_DISABLED 1
#define SDL_LOADSO_DISABLED 1
#define SDL_LOCALE_DISABLED 1

#undef SDL_AUDIO_DRIVER_DISK
#undef SDL_AUDIO_DRIVER_DUMMY
#undef SDL_AUDIO_DRIVER_EMSCRIPTEN
#undef SDL_JOYSTICK_EMSCRIPTEN
#undef SDL_POWER_EMSCRIPTEN
#undef SDL_FILESYSTEM_EMSCRIPTEN
#undef SDL_LOADSO_DLOPEN
#undef SDL_VIDEO_RENDER_OGL_ES2

/* No pictures of SDL's own are drawn: without its blitters. */
#define SDL_LEAN_AND_MEAN 1

#define SDL_FILESYSTEM_DUMMY 1
#define SDL_LOADSO_DUMMY 1
#define SDL_HAPTIC_DUMMY 1
#define SDL_JOYSTICK_DUMMY 1
